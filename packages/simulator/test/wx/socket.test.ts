import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createPhone, createWx } from "../../src/index.ts"
import type { WxDone } from "../../src/wx/answer-work.ts"
import type { SocketClosed, SocketTask } from "../../src/wx/socket-task.ts"
import type { SocketEvent, WebSocketLike } from "../../src/wx/web-socket-like.ts"
import { startEchoSocketServer } from "./echo-socket-server.ts"
import { settled } from "./settled.ts"

let server: Awaited<ReturnType<typeof startEchoSocketServer>>
beforeAll(async () => {
  server = await startEchoSocketServer()
})
afterAll(() => server.close())

const opened = (task: SocketTask) => new Promise(resolve => task.onOpen(resolve))
const message = (task: SocketTask) =>
  new Promise<unknown>(resolve => task.onMessage(({ data }) => resolve(data)))
const closed = (task: SocketTask) => new Promise<SocketClosed>(resolve => task.onClose(resolve))

describe("over a real connection", () => {
  const connect = (more = {}) =>
    createWx({ issueCode: () => "0code", appid: "wx0000000000000042" }).connectSocket({
      url: server.url,
      ...more,
    })

  test("opens, sends texts and bytes and gets them back", async () => {
    const task = connect()
    expect(task.readyState).toBe(task.CONNECTING)
    await opened(task)
    expect(task.readyState).toBe(task.OPEN)
    const text = message(task)
    const sent = settled<WxDone>(callbacks => task.send({ data: "你好", ...callbacks }))
    expect((await sent).success).toEqual({ errMsg: "sendSocketMessage:ok" })
    expect(await text).toBe("你好")
    const bytes = message(task)
    task.send({ data: new Uint8Array([1, 2]).buffer })
    expect(await bytes).toEqual(new Uint8Array([1, 2]).buffer)
    task.close()
    await closed(task)
  })

  test("asks with the page's headers and protocols; the Referer is WeChat's", async () => {
    const task = connect({ header: { Authorization: "Bearer x", referer: "mine" }, protocols: ["chat"] })
    await opened(task)
    expect(server.asked.at(-1)?.headers).toMatchObject({
      authorization: "Bearer x",
      referer: "https://servicewechat.com/wx0000000000000042/devtools/page-frame.html",
      "sec-websocket-protocol": "chat",
    })
    task.close()
    await closed(task)
  })

  test("tells how the server closes", async () => {
    const task = connect()
    await opened(task)
    task.send({ data: "bye" })
    expect(await closed(task)).toEqual({ code: 4001, reason: "as you say" })
    expect(task.readyState).toBe(task.CLOSED)
  })

  test("closes with the page's code and reason", async () => {
    const task = connect()
    await opened(task)
    const done = settled<WxDone>(callbacks => task.close({ code: 3001, reason: "enough", ...callbacks }))
    expect(task.readyState).toBe(task.CLOSING)
    expect((await done).success).toEqual({ errMsg: "closeSocket:ok" })
    expect(await closed(task)).toEqual({ code: 3001, reason: "enough" })
  })

  test("a code that nobody may close with fails and leaves it open", async () => {
    const task = connect()
    await opened(task)
    const done = settled<WxDone>(callbacks => task.close({ code: 1, ...callbacks }))
    expect((await done).failure?.errMsg).toMatch(/^closeSocket:fail /)
    expect(task.readyState).toBe(task.OPEN)
    task.close()
    await closed(task)
  })

  test("where there is no server comes an error, then the abnormal closure", async () => {
    const task = connect({ url: "ws://127.0.0.1:1/" })
    const order: string[] = []
    task.onError(({ errMsg }) => order.push(typeof errMsg))
    expect(await closed(task)).toEqual({ code: 1006, reason: expect.any(String) })
    expect(order).toEqual(["string"])
  })
})

/** A socket that does what the test says, and the timer of the connecting. */
function pretend() {
  const listeners = new Map<string, (event: SocketEvent) => void>()
  const done: string[] = []
  const timers = new Map<number, { callback: () => void; ms: number }>()
  const socket: WebSocketLike = {
    binaryType: "blob",
    send: data => void done.push(`send ${data}`),
    close: (code, reason) => void done.push(`close ${code} ${reason}`),
    addEventListener: (type, listener) => void listeners.set(type, listener),
  }
  const phone = createPhone({
    issueCode: () => "0code",
    domains: ["wss://chat.example.com", "https://api.example.com"],
    openSocket: () => socket,
    timers: {
      setTimeout(callback, ms) {
        timers.set(timers.size + 1, { callback, ms })
        return timers.size
      },
      clearTimeout: timer => void timers.delete(timer as number),
    },
  })
  const connect = (more = {}) => {
    let task: SocketTask | undefined
    const answer = settled<WxDone>(callbacks => {
      task = phone.wx.connectSocket({ url: "wss://chat.example.com/", ...more, ...callbacks })
    })
    if (task === undefined) throw new Error("no task")
    return { task, answer }
  }
  return { ...phone, connect, listeners, done, timers }
}

describe("connectSocket", () => {
  test("succeeds as soon as it connects, long before it is open", async () => {
    const { task, answer } = pretend().connect()
    expect(await answer).toMatchObject({
      called: ["success", "complete"],
      success: { errMsg: "connectSocket:ok" },
    })
    expect(task.readyState).toBe(task.CONNECTING)
  })

  test.each([
    ["wss://other.example/", "url not in domain list"],
    ["https://api.example.com/", "invalid url"],
    ["chat.example.com", "invalid url"],
  ])("fails for %s and tells the task", async (url, reason) => {
    const { task, answer } = pretend().connect({ url })
    const heard: unknown[] = []
    task.onError(failure => heard.push(failure.errMsg))
    expect((await answer).failure?.errMsg).toBe(`connectSocket:fail ${reason}`)
    await null
    expect(heard).toEqual([`connectSocket:fail ${reason}`])
    expect(task.readyState).toBe(task.CLOSED)
  })

  test("five are open at once; one more fails until one is closed", async () => {
    const { connect, listeners } = pretend()
    for (let count = 0; count < 5; count += 1) connect()
    expect((await connect().answer).failure).toEqual({
      errMsg: "connectSocket:fail exceed max task count",
      errno: 600_007,
    })
    listeners.get("close")?.({ code: 1000, reason: "" })
    expect((await connect().answer).failure).toBeUndefined()
  })

  test("fails without a connection", async () => {
    const { connect, network } = pretend()
    network.set("none")
    expect((await connect().answer).failure).toMatchObject({ errno: 600_001 })
  })

  test("that does not open in time ends in an error and the abnormal closure", async () => {
    const { connect, timers, done } = pretend()
    const { task } = connect({ timeout: 3_000 })
    const heard: unknown[] = []
    task.onError(failure => heard.push(failure))
    task.onClose(how => heard.push(how))
    const [timer] = timers.values()
    expect(timer?.ms).toBe(3_000)
    timer?.callback()
    expect(heard).toEqual([
      { errMsg: "connectSocket:fail timeout", errno: 5 },
      { code: 1006, reason: "abnormal closure" },
    ])
    expect(done).toHaveLength(1)
  })

  test("that opened in time leaves no timer behind", () => {
    const { connect, timers, listeners } = pretend()
    connect()
    listeners.get("open")?.({})
    expect(timers.size).toBe(0)
  })
})

describe("a task that is not open", () => {
  test("does not send, in the platform's words", async () => {
    const { connect, done } = pretend()
    const { task } = connect()
    const sent = settled<WxDone>(callbacks => task.send({ data: "early", ...callbacks }))
    expect((await sent).failure).toEqual({
      errMsg: "SocketTask.send:fail SocketTask.readyState is not OPEN",
    })
    expect(done).toEqual([])
  })

  test("is not closed twice", async () => {
    const { connect, listeners } = pretend()
    const { task } = connect()
    listeners.get("close")?.({ code: 1000, reason: "" })
    const again = settled<WxDone>(callbacks => task.close(callbacks))
    expect((await again).failure?.errMsg).toBe("SocketTask.close:fail SocketTask.readyState is CLOSED")
  })
})
