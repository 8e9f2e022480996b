import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { eventId, logIn } from "../../src/store/contract/store-case.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import type { Store } from "../../src/store/store.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

const day = 86_400_000
const number = "+8613800138000"

/** A store in a file with one user, who has a phone number, and the command line beside it. */
async function start(config?: string) {
  const cwd = bench.folder()
  if (config !== undefined) writeFileSync(join(cwd, "denglu.config.mjs"), `export default ${config}`)
  const env = { DENGLU_SECRET: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa", DENGLU_STORE: "sqlite:login.db" }
  const withStore = async <Result>(work: (store: Store) => Promise<Result>): Promise<Result> => {
    const store = await openSqliteStore({ path: join(cwd, "login.db") })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }
  const now = Date.now() - 60_000
  const { id, sessionId } = await withStore(async store => {
    const { user, session } = await logIn(store, { now, appid: "shop", openid: "o-ming", unionid: "u-ming" })
    const phone = {
      phone: number,
      countryCode: "86",
      appid: "shop",
      verifiedAt: now,
      proof: "",
      smsVerifiedAt: null,
    }
    await store.bindPhone({ ...phone, userId: user.id, sessionId: "", eventId: eventId() })
    return { id: user.id, sessionId: session.id }
  })
  return {
    cwd,
    id,
    sessionId,
    withStore,
    run: (...args: readonly string[]) => runCli(args, { cwd, env }),
  }
}

test("find tells whose an openid, a unionid or a phone number is; show tells more, with the number masked", async () => {
  const { id, sessionId, run } = await start()
  for (const what of [
    ["--openid", "o-ming"],
    ["--unionid", "u-ming"],
    ["--phone", number],
    ["--phone", "138 0013 8000"],
  ]) {
    const found = await run("users", "find", ...what)
    expect(found).toMatchObject({ code: 0, stderr: "" })
    expect(found.stdout).toMatch(new RegExp(`^${id} +- +\\S+ +shop +-$`, "m"))
  }
  const [row] = JSON.parse((await run("users", "find", "--openid", "o-ming", "--json")).stdout)
  expect(row).toMatchObject({ id, phone: "+86138****8000", leaves_at: null, merged_ids: [] })

  const shown = await run("users", "show", id)
  expect(shown.stdout).toMatch(/^phone +\+86138\*{4}8000$/m)
  expect(shown.stdout).toMatch(new RegExp(`^${sessionId} +shop `, "m"))
  expect(shown.output).not.toContain("13800138000")
  expect(JSON.parse((await run("users", "show", id, "--json")).stdout)).toMatchObject({
    ...row,
    sessions: [{ id: sessionId, appid: "shop" }],
    merges: [],
  })

  expect(await run("users", "find", "--openid", "nobody")).toMatchObject({ code: 1, stdout: "" })
  expect(await run("users", "find", "--openid", "nobody", "--json")).toMatchObject({
    code: 1,
    stdout: "[]\n",
  })
})

test("delete ends the sessions and leaves until the cooling-off is over to restore", async () => {
  const { id, run, withStore } = await start()
  const before = Date.now()
  const deleted = await run("users", "delete", id, "--yes", "--json")
  expect(deleted).toMatchObject({ code: 0, stderr: "" })
  const { leaves_at, ...rest } = JSON.parse(deleted.stdout)
  expect(rest).toEqual({ user_id: id, ended_sessions: 1 })
  const left = Date.parse(leaves_at) - before
  expect(left).toBeGreaterThanOrEqual(7 * day)
  expect(left).toBeLessThan(7 * day + 60_000)
  expect((await run("users", "show", id)).stdout).toContain(leaves_at)

  const restored = await run("users", "restore", id)
  expect(restored).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("Restored.") })
  const again = await run("users", "restore", id)
  expect(again).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("was not deleted") })
  await withStore(async store => {
    expect((await store.findUser(id))?.leavesAt).toBeNull()
    expect(await store.listSessions(id, Date.now())).toEqual([])
    const events = await store.listAuditEvents(id, 10)
    const byOperator = events.filter(({ actor }) => actor === "operator").map(({ type }) => type)
    expect(byOperator.sort()).toEqual(["session.ended", "user.leaving", "user.restored"])
  })
})

test("delete --now leaves ten seconds, and the cooling-off is the configuration's", async () => {
  for (const [config, args, most] of [
    [undefined, ["--now"], 10_000],
    ["{ coolingOff: 3600 }", [], 3_600_000],
  ] as const) {
    const { id, run } = await start(config)
    const { stdout } = await run("users", "delete", id, "--yes", "--json", ...args)
    const left = Date.parse(JSON.parse(stdout).leaves_at) - Date.now()
    expect(left).toBeLessThanOrEqual(most)
    expect(left).toBeGreaterThan(most - 10_000)
  }
})

test("export writes all that is held of a user, to a new file that nobody else can read", async () => {
  const { cwd, id, run } = await start()
  const printed = await run("users", "export", id)
  expect(printed).toMatchObject({ code: 0, stderr: "" })
  const data = JSON.parse(printed.stdout)
  expect(data).toMatchObject({ user: { id }, phone: { phone_number: number }, sessions: [{ appid: "shop" }] })

  const file = join(cwd, "ming.json")
  const written = await run("users", "export", id, "--out", "ming.json")
  expect(written).toMatchObject({ code: 0, stdout: "" })
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(data)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const again = await run("users", "export", id, "--out", "ming.json")
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("is there already") })
  expect(await run("users", "export", id, "--out", "no/such/folder")).toMatchObject({ code: 1, stdout: "" })
  expect((await run("users", "export", "nobody", "--out", "nobody.json")).code).toBe(1)
  expect(existsSync(join(cwd, "nobody.json"))).toBe(false)
})

test("what can't be found, deleted or restored says why", async () => {
  const { id, run } = await start()
  for (const [args, code, says] of [
    [["find"], 2, "Say one of --openid"],
    [["find", "--openid", "o", "--phone", "1"], 2, "Say one of --openid"],
    [["find", "--phone", "who"], 2, "--phone takes a number"],
    [["delete"], 2, "denglu users delete USER-ID"],
    [["delete", id], 2, "--yes"],
    [["delete", "nobody", "--yes"], 1, "There is no user nobody."],
    [["restore", "nobody"], 1, "There is no user nobody."],
    [["restore"], 2, "denglu users restore USER-ID"],
    [["export", "nobody"], 1, "There is no user nobody."],
  ] as const) {
    const result = await run("users", ...args)
    expect(result).toMatchObject({ code, stdout: "" })
    expect(result.stderr).toContain(says)
  }
  expect((await run("users", "find", "--phone", "who")).stderr).not.toContain("who")
})

test("doctor names accounts that should have been erased long ago", async () => {
  const { id, run, withStore } = await start("{ apps: [] }")
  const overdue = (ago: number) =>
    withStore(store =>
      store.leaveUser({
        userId: id,
        now: Date.now() - ago,
        leavesAt: Date.now() - ago,
        actor: "user",
        eventId: eventId(),
      }),
    )
  const look = async () => (await run("doctor")).stdout.split("\n").find(line => line.includes("deleted"))
  await overdue(0)
  expect(await look()).toBeUndefined()
  await overdue(3_600_000)
  expect(await look()).toMatch(/✗ deleted accounts that wait to be erased: 1, the longest since 20\d\d-/)
})
