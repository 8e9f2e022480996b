import { createSimulator } from "@denglu/simulator"
import { expect, test } from "vitest"
import { DengluError } from "../../src/errors.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { createCaller } from "../../src/wechat/call.ts"
import type { WeChatRequest } from "../../src/wechat/caller.ts"
import { errcodeError } from "../../src/wechat/wechat-error.ts"
import { openTokenSource } from "../support/token-source.ts"

function start() {
  const simulator = createSimulator({ now: 1_800_000_000_000 })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  const direct = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: simulator.clock.now,
  })
  const asked: WeChatRequest[] = []
  const caller = {
    call(request: WeChatRequest) {
      asked.push(request)
      return direct.call(request)
    },
    close: () => direct.close(),
  }
  const store = createMemoryStore()
  /** Another instance over the same store. */
  const open = () => openTokenSource({ store, caller, app, clock: simulator.clock.now })
  const source = open()
  const tokens = { ...source, get: async () => (await source.get()).token }
  return { simulator, app, tokens, asked, store, open }
}

test("100 callers at once are one request, and those after them none", async () => {
  const { tokens, asked } = start()
  const got = await Promise.all(Array.from({ length: 100 }, () => tokens.get()))
  expect(new Set(got).size).toBe(1)
  expect(await tokens.get()).toBe(got[0])
  expect(asked).toHaveLength(1)
})

test("it is renewed in its last five minutes, not earlier and not later than four minutes before its end", async () => {
  const { simulator, tokens, asked } = start()
  const first = await tokens.get()
  simulator.clock.advance(6_900_000)
  expect(await tokens.get()).toBe(first)
  simulator.clock.advance(60_000)
  expect(await tokens.get()).not.toBe(first)
  expect(asked).toHaveLength(2)
})

test("while WeChat can't renew it, the old one serves until its end, and failures are not asked for in a storm", async () => {
  const { simulator, tokens, asked } = start()
  const first = await tokens.get()
  simulator.clock.advance(6_960_000)
  simulator.faults.add({ kind: "quota", endpoint: "stable_token" })
  const during = await Promise.all(Array.from({ length: 20 }, () => tokens.get()))
  expect(new Set(during)).toEqual(new Set([first]))
  expect(await tokens.get()).toBe(first)
  expect(asked).toHaveLength(2)
  simulator.clock.advance(240_000)
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
  await tokens.expire("74_another")
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
  const { simulator, tokens, asked } = start()
  const refuse = () =>
    tokens.withToken(async () => {
      throw errcodeError("checksession", 40001)
    })
  await expect(refuse()).rejects.toMatchObject({ errcode: 40001 })
  await expect(refuse()).rejects.toMatchObject({ errcode: 40001 })
  const forced = asked.filter(({ json }) => (json as { force_refresh: boolean }).force_refresh)
  expect(forced).toHaveLength(1)
  simulator.clock.advance(30_000)
  let runs = 0
  await expect(
    tokens.withToken(async () => {
      runs += 1
      throw errcodeError("checksession", 45011)
    }),
  ).rejects.toMatchObject({ errcode: 45011 })
  expect(runs).toBe(1)
})

test("what one instance has fetched the others find; what one was refused the others renew no second time", async () => {
  const { tokens, asked, open } = start()
  const first = await tokens.get()
  const others = [open(), open(), open()]
  for (const other of others) expect((await other.get()).token).toBe(first)
  expect(asked).toHaveLength(1)
  const used = await Promise.all(
    others.map(other =>
      other.withToken(async token => {
        if (token === first) throw errcodeError("checksession", 42001)
        return token
      }),
    ),
  )
  expect(new Set(used).size).toBe(1)
  // Asked again, answered the same, forced once.
  expect(asked).toHaveLength(3)
  expect(await tokens.get()).toBe(first)
  expect(await tokens.withToken(async token => token)).toBe(first)
})

test("an instance that dies while it fetches keeps the others waiting no longer than its lease", async () => {
  const { simulator, app, store, open } = start()
  const now = simulator.clock.now()
  await store.leaseAppToken(app.appid, { holder: "dead", version: 0, now, until: now + 8_000 })
  const waiting = open().get()
  await new Promise(resolve => setTimeout(resolve, 120))
  simulator.clock.advance(8_000)
  expect((await waiting).token).toMatch(/^\d+_/)
})

test("without the store an instance asks by itself, and shares again when it is back", async () => {
  const { simulator, app, asked, store } = start()
  let away = true
  const flaky = new Proxy(store, {
    get(target, name: keyof typeof store) {
      const method = target[name]
      if (typeof method !== "function") return method
      return (...args: never[]) =>
        away
          ? Promise.reject(new DengluError("store_unavailable"))
          : (method as (...args: never[]) => unknown).apply(target, args)
    },
  })
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: simulator.clock.now,
  })
  const source = openTokenSource({ store: flaky, caller, app, clock: simulator.clock.now })
  const { token } = await source.get()
  await source.expire(token)
  away = false
  expect((await source.get()).token).toBe(token)
  expect((await store.findAppToken(app.appid))?.version).toBe(1)
  expect(asked).toHaveLength(0)
})

test("the token lies sealed in the store, bound to its app", async () => {
  const { app, tokens, store } = start()
  const token = await tokens.get()
  const kept = await store.findAppToken(app.appid)
  expect(kept?.sealed).toBeTypeOf("string")
  expect(kept?.sealed).not.toContain(token.slice(3))
})
