import { createSimulator } from "@denglu/simulator"
import { afterEach, expect, test } from "vitest"
import { checkAppToken } from "../../src/cli/doctor-app-token.ts"
import { createCaller } from "../../src/wechat/call.ts"
import { startDev } from "./dev-server.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterEach(bench.close)

/** A pretend WeChat, what an instance keeps of the token, and another program that has the same secret. */
function start() {
  const simulator = createSimulator({ now: 1_800_000_000_000 })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  const { now } = simulator.clock
  const caller = createCaller({
    baseUrl: "http://127.0.0.1:3001",
    fetch: request => simulator.fetch(request),
    clock: now,
  })
  let kept = { version: 0, token: "", expiresAt: 0, forcedAt: 0, isRefused: false }
  const ask = async (force_refresh: boolean): Promise<string> => {
    const body = { grant_type: "client_credential", appid: app.appid, secret: app.secret, force_refresh }
    const request = { method: "POST", body: JSON.stringify(body) }
    const response = await simulator.fetch(new Request("http://127.0.0.1:3001/cgi-bin/stable_token", request))
    return (await response.json()).access_token
  }
  return {
    simulator,
    now,
    steal: () => ask(true),
    async keep(change: Partial<typeof kept> = {}) {
      kept = { ...kept, version: 1, token: await ask(false), expiresAt: now() + 7_200_000, ...change }
    },
    check: (findKept: () => Promise<typeof kept | undefined> = async () => kept) =>
      checkAppToken({ caller, app, findKept, now }),
  }
}

test("a token that nobody else renews is well, and asking about it renews nothing", async () => {
  const { check, keep, simulator } = start()
  expect(await check()).toMatchObject({ ok: true })
  await keep()
  expect(await check()).toMatchObject({ ok: true })
  // In its last minutes WeChat gives another one by itself.
  simulator.clock.advance(7_000_000)
  expect(await check()).toMatchObject({ ok: true })
})

test("somebody else who refreshes is found by the token that is kept, and what to do is said in both languages", async () => {
  const { check, keep, steal } = start()
  await keep()
  await steal()
  const { ok, says } = await check()
  expect(ok).toBe(false)
  expect(says.en).toMatch(/would be good until 2027.*Somebody else is refreshing this appid.*borrowers/)
  expect(says.zh).toMatch(/本应有效至.*有其他程序在刷新.*借用/)
  await keep({ isRefused: true })
  expect(await check()).toMatchObject({ ok: false })
})

test("somebody else who refreshes at this moment is found without a store", async () => {
  const { check, steal } = start()
  const between = async () => {
    await steal()
    return undefined
  }
  expect((await check(between)).says.en).toMatch(/two tokens within a moment/)
})

test("a renewal by force is remembered for a day", async () => {
  const { check, keep, simulator, now } = start()
  await keep({ forcedAt: now() })
  expect((await check()).says.en).toMatch(/before its end, and Denglu had to renew it by force/)
  simulator.clock.advance(86_400_001)
  expect(await check()).toMatchObject({ ok: true })
})

test.each([
  ["ip_not_allowed", undefined, /40164.*allow-list.*IP allow-list at mp\.weixin/],
  ["errcode", 61004, /61004.*IP allow-list/],
  ["quota", undefined, /45009.*quota/],
  ["reset", undefined, /stable_token: .*Logins go on/],
] as const)("WeChat's %s is told, with what to do", async (kind, errcode, told) => {
  const { check, simulator } = start()
  simulator.faults.add({ kind, endpoint: "stable_token", ...(errcode !== undefined && { errcode }) })
  const { ok, says } = await check()
  expect([ok, says.en]).toEqual([false, expect.stringMatching(told)])
  expect(says.zh).toMatch(/登录不受影响/)
})

test("denglu doctor tells it, and what it prints holds no token", { timeout: 60_000 }, async () => {
  const cwd = bench.folder()
  await startDev(bench, cwd)
  const { code, stdout } = await runCli(["doctor", "--dev"], { cwd })
  expect([code, stdout]).toEqual([0, expect.stringMatching(/✓ access_token wxsim\w+ WeChat gives it/)])
})
