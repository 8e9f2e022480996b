import { describe, expect, test } from "vitest"
import { createWx } from "../../src/index.ts"
import type { RequestTask } from "../../src/wx/request.ts"
import type { RequestResult } from "../../src/wx/request-result.ts"
import { settled } from "./settled.ts"

const url = "https://api.example.com/"

/** A network whose answers come when the test says so, and timers that run when the test says so. */
function slow() {
  const waiting: ((response: Response) => void)[] = []
  const signals: AbortSignal[] = []
  const timers = new Map<number, { callback: () => void; ms: number }>()
  let lastTimer = 0
  const wx = createWx({
    issueCode: () => "0code",
    fetch: (_url, init) =>
      new Promise(resolve => {
        waiting.push(resolve)
        if (init?.signal) signals.push(init.signal)
      }),
    timers: {
      setTimeout(callback, ms) {
        lastTimer += 1
        timers.set(lastTimer, { callback, ms })
        return lastTimer
      },
      clearTimeout: timer => void timers.delete(timer as number),
    },
  })
  const start = (more = {}) => {
    let task: RequestTask | undefined
    const answer = settled<RequestResult>(callbacks => {
      task = wx.request({ url, ...more, ...callbacks })
    })
    if (task === undefined) throw new Error("no task")
    return { task, answer }
  }
  return { start, waiting, signals, timers }
}

describe("requests at once", () => {
  test("ten are under way, the others wait for room in the order they came", async () => {
    const { start, waiting } = slow()
    const started = Array.from({ length: 12 }, () => start())
    expect(waiting).toHaveLength(10)
    waiting[3]?.(new Response("{}"))
    expect((await started[3]?.answer)?.called).toEqual(["success", "complete"])
    expect(waiting).toHaveLength(11)
    waiting[10]?.(new Response('"the eleventh"'))
    expect((await started[10]?.answer)?.success?.data).toBe("the eleventh")
  })

  test("one that is aborted while it waits is never sent and takes no room", async () => {
    const { start, waiting } = slow()
    const started = Array.from({ length: 12 }, () => start())
    started[10]?.task.abort()
    expect((await started[10]?.answer)?.failure).toEqual({ errMsg: "request:fail abort" })
    started[0]?.task.abort()
    await started[0]?.answer
    waiting[10]?.(new Response('"the twelfth"'))
    expect((await started[11]?.answer)?.success?.data).toBe("the twelfth")
    expect(waiting).toHaveLength(11)
  })
})

describe("abort", () => {
  test("fails the request once and cuts the connection", async () => {
    const { start, signals, timers } = slow()
    const { task, answer } = start()
    task.abort()
    task.abort()
    expect(await answer).toMatchObject({
      called: ["fail", "complete"],
      failure: { errMsg: "request:fail abort" },
    })
    expect(signals[0]?.aborted).toBe(true)
    expect(timers.size).toBe(0)
  })

  test("after the answer changes nothing", async () => {
    const { start, waiting } = slow()
    const { task, answer } = start()
    waiting[0]?.(new Response("{}"))
    const { called } = await answer
    task.abort()
    await new Promise(setImmediate)
    expect(called).toEqual(["success", "complete"])
  })
})

describe("timeout", () => {
  test("is 60 s unless told otherwise", () => {
    const { start, timers } = slow()
    start()
    start({ timeout: 3_000 })
    expect([...timers.values()].map(({ ms }) => ms)).toEqual([60_000, 3_000])
  })

  test("fails with errno 5 and cuts the connection", async () => {
    const { start, signals, timers } = slow()
    const { answer } = start()
    for (const { callback } of [...timers.values()]) callback()
    expect((await answer).failure).toEqual({ errMsg: "request:fail timeout", errno: 5 })
    expect(signals[0]?.aborted).toBe(true)
  })

  test("leaves no timer behind an answer", async () => {
    const { start, waiting, timers } = slow()
    const { answer } = start()
    waiting[0]?.(new Response("{}"))
    await answer
    expect(timers.size).toBe(0)
  })
})

describe("onHeadersReceived", () => {
  test("hears the headers before the answer; whoever was taken off does not", async () => {
    const { start, waiting } = slow()
    const { task, answer } = start()
    const heard: unknown[] = []
    const off = () => heard.push("taken off")
    task.onHeadersReceived(off)
    task.onHeadersReceived(head => heard.push(head))
    task.offHeadersReceived(off)
    waiting[0]?.(new Response("{}", { status: 201, headers: { "x-a": "1" } }))
    await answer
    expect(heard).toEqual([{ statusCode: 201, header: expect.objectContaining({ "x-a": "1" }), cookies: [] }])
  })

  test("what the task lacks says so", () => {
    const { task } = slow().start()
    const { onChunkReceived } = task as unknown as Record<string, () => void>
    expect(() => onChunkReceived?.()).toThrow("not simulated: RequestTask.onChunkReceived")
  })
})
