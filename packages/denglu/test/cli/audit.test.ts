import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startDev } from "./dev-server.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
const cwd = bench.folder()
let userId = ""
let sessionId = ""

beforeAll(async () => {
  const dev = await startDev(bench, cwd)
  const { user, access_token } = await dev.logIn("alice")
  userId = user.id
  sessionId = JSON.parse(Buffer.from(access_token.split(".")[1] as string, "base64url").toString()).sid
  await runCli(["sessions", "revoke", sessionId, "--dev"], { cwd })
  // What is not sealed yet is sealed when the server ends.
  await dev.run.end("SIGINT")
}, 30_000)
afterAll(bench.close)

const run = (...args: readonly string[]) => runCli(["audit", ...args, "--dev"], { cwd })

/** Changes the database for as long as the work takes. */
async function tampered(text: string, back: string, work: () => Promise<void>): Promise<void> {
  const database = new DatabaseSync(join(cwd, ".denglu", "login.db"))
  database.exec(text)
  await work()
  database.exec(back)
  database.close()
}

test("show tells what happened to a user, as a table and as JSON, and nothing personal", async () => {
  const table = await run("show", "--user", userId)
  expect(table).toMatchObject({ code: 0, stderr: "" })
  expect(table.stdout).toMatch(/^time +what +by +session +appid +detail\n/)
  expect(table.stdout).toMatch(new RegExp(`session\\.opened +user +${sessionId} +wxsim`))
  const { stdout } = await run("show", "--user", userId, "--json")
  const rows = JSON.parse(stdout) as {
    type: string
    actor: string
    session_id: string
    detail: object | null
  }[]
  expect(rows.map(({ type }) => type).sort()).toEqual(["session.ended", "session.opened", "user.created"])
  expect(rows[0]).toMatchObject({
    type: "session.ended",
    actor: "operator",
    session_id: sessionId,
    detail: { reason: "revoked_by_operator" },
  })
  expect(stdout).not.toContain("openid")
  expect(JSON.parse((await run("show", "--user", userId, "--limit", "1", "--json")).stdout)).toHaveLength(1)
})

test("show without a user tells what is about nobody, and of nobody that there is nothing", async () => {
  expect((await run("show")).stdout).toContain("signing_keys.changed")
  expect(await run("show", "--user", "nobody")).toMatchObject({ code: 0, stdout: "No events.\n" })
})

test("verify finds a whole chain good, with and without its head", async () => {
  const { code, stdout, stderr } = await run("verify")
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(stdout).toMatch(/^✓ 1 block with 4 events: all as they were written\./)
  const head = (await run("head")).stdout.trim()
  expect(head).toMatch(/^\d+:[A-Za-z0-9_-]{43}$/)
  expect(stdout).toContain(`Head: ${head}`)
  expect((await run("verify", "--expect", head)).code).toBe(0)
  const json = await run("verify", "--json")
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: true,
    fault: null,
    events: 4,
    unchecked: 0,
    waiting: 0,
  })
  expect(JSON.parse((await run("head", "--json")).stdout)).toEqual(JSON.parse(json.stdout).head)
})

test("verify names an event that was changed or removed, and fails", async () => {
  const where = `WHERE id = '${sessionId}:ended'`
  await tampered(
    `UPDATE audit SET actor = 'user' ${where}`,
    `UPDATE audit SET actor = 'operator' ${where}`,
    async () => {
      const { code, stdout, stderr } = await run("verify")
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toMatch(new RegExp(`^✗ Changed: the event ${sessionId}:ended of user ${userId} of `))
      const zh = await run("verify", "--lang", "zh")
      expect(zh.stderr).toMatch(/^✗ 被修改：/)
      const json = await run("verify", "--json")
      expect(json.code).toBe(1)
      expect(JSON.parse(json.stdout)).toMatchObject({
        ok: false,
        fault: { kind: "event_changed", event: { user_id: userId, id: `${sessionId}:ended` } },
      })
    },
  )
  await tampered(
    `UPDATE audit SET id = 'elsewhere' ${where}`,
    `UPDATE audit SET id = '${sessionId}:ended' WHERE id = 'elsewhere'`,
    async () => {
      expect((await run("verify")).stderr).toMatch(/^✗ Missing: the event /)
    },
  )
  expect((await run("verify")).code).toBe(0)
})

test("verify --expect finds that the end was cut off", async () => {
  const [n = "", hash] = (await run("head")).stdout.trim().split(":")
  const later = await run("verify", "--expect", `${Number(n) + 1}:${hash}`)
  expect(later.code).toBe(1)
  expect(later.stderr).toMatch(/^✗ Cut off: the chain ends before block /)
  const other = await run("verify", "--expect", `${n}:${"A".repeat(43)}`)
  expect(other.stderr).toMatch(/^✗ Replaced: block /)
})

test("what --expect can't be is a wrong call", async () => {
  for (const text of ["x", "1:short", `0:${"A".repeat(43)}`]) {
    const { code, stderr } = await run("verify", "--expect", text)
    expect(code).toBe(2)
    expect(stderr).toContain("denglu audit head")
  }
})
