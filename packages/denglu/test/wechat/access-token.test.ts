import { createSimulator } from "@denglu/simulator"
import { expect, test } from "vitest"
import { createAccessTokenSource } from "../../src/wechat/access-token.ts"
import { createCaller } from "../../src/wechat/call.ts"
import type { WeChatRequest } from "../../src/wechat/caller.ts"
import { errcodeError } from "../../src/wechat/wechat-error.ts"

function start() {
  const simulator = createSimulator({ now: 1_800_000_000_000 })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: simulator.clock.now,
  })
  const asked: WeChatRequest[] = []
  const tokens = createAccessTokenSource({
    caller: {
      call(request) {
        asked.push(request)
        return caller.call(request)
      },
      close: () => caller.close(),
    },
    app,
    clock: simulator.clock.now,
  })
  return { simulator, tokens, asked }
}

test("100 callers at once are one request, and those after them none", async () => {
  const { tokens, asked } = start()
  const got = await Promise.all(Array.from({ length: 100 }, () => tokens.get()))
  expect(new Set(got).size).toBe(1)
  expect(await tokens.get()).toBe(got[0])
  expect(asked).toHaveLength(1)
})

test("it is renewed five minutes before its end", async () => {
  const { simulator, tokens, asked } = start()
  const first = await tokens.get()
  simulator.clock.advance(6_899_000)
  expect(await tokens.get()).toBe(first)
  simulator.clock.advance(1_000)
  expect(await tokens.get()).not.toBe(first)
  expect(asked).toHaveLength(2)
})

test("while WeChat can't renew it, the old one serves until its end, and failures are not asked for in a storm", async () => {
  const { simulator, tokens, asked } = start()
  const first = await tokens.get()
  simulator.clock.advance(6_900_000)
  simulator.faults.add({ kind: "quota", endpoint: "stable_token" })
  const during = await Promise.all(Array.from({ length: 20 }, () => tokens.get()))
  expect(new Set(during)).toEqual(new Set([first]))
  expect(await tokens.get()).toBe(first)
  expect(asked).toHaveLength(2)
  simulator.clock.advance(300_000)
  await expect(tokens.get()).rejects.toMatchObject({ errcode: 45009 })
  await expect(tokens.get()).rejects.toMatchObject({ errcode: 45009 })
  expect(asked).toHaveLength(3)
  simulator.faults.clear()
  simulator.clock.advance(1_000)
  expect(await tokens.get()).not.toBe(first)
})

test("only the token that is held can be expired", async () => {
  const { tokens, asked } = start()
  const first = await tokens.get()
  tokens.expire("74_another")
  expect(await tokens.get()).toBe(first)
  expect(asked).toHaveLength(1)
})

test("a token that WeChat refuses is fetched again, with force if it is still the same, and the work is done once more", async () => {
  const { tokens, asked } = start()
  const first = await tokens.get()
  const used: string[] = []
  const result = await tokens.withToken(async token => {
    used.push(token)
    if (token === first) throw errcodeError("checksession", 40001)
    return "done"
  })
  expect(result).toBe("done")
  expect(used).toHaveLength(2)
  expect(used[1]).not.toBe(first)
  expect(asked.map(({ json }) => (json as { force_refresh: boolean }).force_refresh)).toEqual([
    false,
    false,
    true,
  ])
})

test("it forces no second time within 30 s, and other errors are not tried again", async () => {
  const { tokens, asked } = start()
  const refuse = () =>
    tokens.withToken(async () => {
      throw errcodeError("checksession", 40001)
    })
  await expect(refuse()).rejects.toMatchObject({ errcode: 40001 })
  await expect(refuse()).rejects.toMatchObject({ errcode: 40001 })
  const forced = asked.filter(({ json }) => (json as { force_refresh: boolean }).force_refresh)
  expect(forced).toHaveLength(1)
  let runs = 0
  await expect(
    tokens.withToken(async () => {
      runs += 1
      throw errcodeError("checksession", 45011)
    }),
  ).rejects.toMatchObject({ errcode: 45011 })
  expect(runs).toBe(1)
})
