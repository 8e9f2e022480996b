import { once } from "node:events"
import { statSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type DevServer, startDev } from "./dev-server.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
const cwd = bench.folder()
let dev: DevServer

beforeAll(async () => {
  dev = await startDev(bench, cwd)
})
afterAll(bench.close)

const run = (...args: readonly string[]) => runCli([...args, "--dev"], { cwd })

interface SessionRow {
  readonly id: string
  readonly user_id: string
  readonly appid: string
}

async function sessionsOf(userId: string): Promise<readonly SessionRow[]> {
  const { code, stdout } = await run("sessions", "list", "--user", userId, "--json")
  expect(code).toBe(0)
  return JSON.parse(stdout) as readonly SessionRow[]
}

/** The `kid` and `sid` that a token says. */
function claimsOf(token: string): { readonly kid: string; readonly sid: string } {
  const [header = "", payload = ""] = token.split(".")
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString())
  return { kid: read(header).kid, sid: read(payload).sid }
}

describe("sessions", () => {
  test("list shows a session as a table and as JSON, without its tokens", async () => {
    const { user, access_token, refresh_token } = await dev.logIn("lister")
    const { sid } = claimsOf(access_token)
    const table = await run("sessions", "list")
    expect(table).toMatchObject({ code: 0, stderr: "" })
    expect(table.stdout).toMatch(/^session +user +appid +since +last seen +device\n/)
    expect(table.stdout).toMatch(new RegExp(`^${sid} +${user.id} +wxsim`, "m"))
    const json = await run("sessions", "list", "--json")
    const rows = JSON.parse(json.stdout) as readonly SessionRow[]
    expect(rows).toContainEqual(expect.objectContaining({ id: sid, user_id: user.id }))
    for (const { output } of [table, json])
      for (const token of [access_token, refresh_token]) expect(output).not.toContain(token)
  })

  test("list --user shows only this user's, --limit only so many", async () => {
    const [one] = [await dev.logIn("limited"), await dev.logIn("limited"), await dev.logIn("another")]
    const rows = await sessionsOf(one.user.id)
    expect(rows.map(row => row.user_id)).toEqual([one.user.id, one.user.id])
    const { stdout } = await run("sessions", "list", "--limit", "1", "--json")
    expect(JSON.parse(stdout)).toHaveLength(1)
  })

  test("revoke ends one session: the running server refuses its token within a second", async () => {
    const [gone, kept] = [await dev.logIn("revoked"), await dev.logIn("revoked")]
    const { code, stdout } = await run("sessions", "revoke", claimsOf(gone.access_token).sid)
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("Ended 1 session.") })
    await expect.poll(() => dev.me(gone.access_token), { timeout: 1_000, interval: 20 }).toBe(401)
    expect(await dev.me(kept.access_token)).toBe(200)
  })

  test("revoke --user ends all of a user's and nobody else's", async () => {
    const gone = [await dev.logIn("leaver"), await dev.logIn("leaver")]
    const kept = await dev.logIn("stayer")
    const userId = gone[0]?.user.id ?? ""
    const { code, stdout } = await run("sessions", "revoke", "--user", userId, "--json")
    expect(code).toBe(0)
    const sids = gone.map(({ access_token }) => claimsOf(access_token).sid)
    expect([...JSON.parse(stdout).revoked].sort()).toEqual(sids.sort())
    for (const { access_token } of gone)
      await expect.poll(() => dev.me(access_token), { timeout: 1_000, interval: 20 }).toBe(401)
    expect(await dev.me(kept.access_token)).toBe(200)
    expect(await sessionsOf(userId)).toEqual([])
  })

  test("revoke of what isn't there says so and fails", async () => {
    for (const args of [["nosuchsession"], ["--user", "nosuchuser"]]) {
      const { code, stdout, stderr } = await run("sessions", "revoke", ...args)
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toContain("there is no such live session")
    }
  })

  test("revoke of nothing, or of two things, is a wrong call", async () => {
    for (const args of [[], ["one", "--user", "two"]]) {
      const { code, stderr } = await run("sessions", "revoke", ...args)
      expect(code).toBe(2)
      expect(stderr).toContain("denglu sessions revoke SESSION-ID")
    }
  })
})

test("keys: after a rotation new logins are signed with another key, and old tokens stay good", async () => {
  const before = await dev.logIn("alice")
  const listed = JSON.parse((await run("keys", "list", "--json")).stdout) as { kid: string; status: string }[]
  const { kid } = claimsOf(before.access_token)
  expect(listed).toContainEqual(expect.objectContaining({ kid, status: "current" }))

  const rotated = await run("keys", "rotate")
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining("Rotated.") })
  expect(rotated.stdout).toMatch(new RegExp(`^${kid} +previous`, "m"))
  // The running server looks for another's rotation every ten seconds.
  const newKid = async () => claimsOf((await dev.logIn("alice")).access_token).kid
  await expect.poll(newKid, { timeout: 12_000, interval: 500 }).not.toBe(kid)
  const after = await dev.logIn("alice")
  expect(await dev.me(after.access_token)).toBe(200)
  expect(await dev.me(before.access_token)).toBe(200)
  const jwks = (await (await fetch(`${dev.login}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[]
  }
  expect(jwks.keys.map(key => key.kid)).toEqual(
    expect.arrayContaining([kid, claimsOf(after.access_token).kid]),
  )
})

describe("doctor", () => {
  test("--dev finds everything well while denglu dev runs", async () => {
    const { code, stdout, stderr } = await run("doctor")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    for (const check of ["Node", "settings", "store", "clock", "wxsim0000000000001"])
      expect(stdout).toMatch(new RegExp(`^ +✓ ${check} `, "m"))
    expect(stdout).not.toContain("✗")
  })

  test("--json says the same for scripts", async () => {
    const { code, stdout } = await run("doctor", "--json")
    expect(code).toBe(0)
    const { ok, findings } = JSON.parse(stdout)
    expect(ok).toBe(true)
    for (const finding of findings) expect(finding).toMatchObject({ ok: true, says: expect.any(String) })
  })

  test("--dev fails when the simulated WeChat is away, and says what to do", async () => {
    const folder = bench.folder()
    const other = await startDev(bench, folder)
    await other.run.end("SIGINT")
    const { code, stdout } = await runCli(["doctor", "--dev"], { cwd: folder })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ +✗ wxsim0000000000001 \S.*\. .*run it in this folder, then ask again\./m)
    expect(stdout).toMatch(/^ +✓ store /m)
    expect(stdout).toContain("1 to mend.")
    const json = await runCli(["doctor", "--dev", "--json"], { cwd: folder })
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false })
  })

  test("a schema that is behind is told, and stays as it is", async () => {
    const folder = bench.folder()
    const other = await startDev(bench, folder)
    const database = new DatabaseSync(join(folder, ".denglu", "login.db"))
    const version = () => Number(database.prepare("PRAGMA user_version").get()?.user_version)
    const older = version() - 1
    database.exec(`PRAGMA user_version = ${older}`)
    const { code, stdout } = await runCli(["doctor", "--dev"], { cwd: folder })
    expect({ code, version: version() }).toEqual({ code: 1, version: older })
    expect(stdout).toMatch(/^ +✗ schema \d+ is behind: .*denglu migrate/m)
    expect(stdout).toMatch(/^ +✓ wxsim0000000000001 WeChat accepts/m)
    expect(stdout).toContain("1 to mend.")
    database.close()
    await other.run.end("SIGINT")
  })

  test("a WeChat that can't be reached is told to the operator, not to who has a code", async () => {
    const closed = createServer().listen(0, "127.0.0.1")
    await once(closed, "listening")
    const { port } = closed.address() as AddressInfo
    closed.close()
    await once(closed, "close")
    const folder = bench.folder()
    const config = {
      apps: [{ appid: "wx0123456789abcdef", secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }],
      secret: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa",
      store: "memory:",
      wechat: { baseUrl: `https://127.0.0.1:${port}` },
    }
    writeFileSync(join(folder, "denglu.config.mjs"), `export default ${JSON.stringify(config)}`)
    for (const [lang, says] of [
      ["en", /✗ wx0123456789abcdef .*outgoing https.*proxy, and DNS/],
      ["zh", /✗ wx0123456789abcdef .*出站 HTTPS.*代理和 DNS/],
    ] as const) {
      const { code, stdout } = await runCli(["doctor", "--lang", lang], { cwd: folder })
      expect([code, stdout]).toEqual([1, expect.stringMatching(says)])
      expect(stdout).not.toMatch(/wx\.login|code 重试/)
    }
  })

  test("without settings it names each, and looks at the rest all the same", async () => {
    const { code, stdout } = await runCli(["doctor"], { cwd: bench.folder() })
    expect(code).toBe(1)
    for (const name of ["WECHAT_APPID", "WECHAT_SECRET", "DENGLU_SECRET"])
      expect(stdout).toMatch(new RegExp(`^ +✗ ${name} is missing`, "m"))
    expect(stdout).toMatch(/^ +✓ Node /m)
  })
})

describe("where there is nothing to work on", () => {
  const commands = [
    ["sessions", "list"],
    ["sessions", "revoke", "x"],
    ["keys", "list"],
    ["keys", "rotate"],
  ]

  test.each([...commands, ["doctor"]])("%s %s --dev says to run denglu dev first", async (...args) => {
    const { code, stderr, stdout } = await runCli([...args, "--dev"], { cwd: bench.folder() })
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/There is no \.denglu\/ in this folder: run `denglu dev` here first/)
  })

  test.each(commands)("%s %s without settings names DENGLU_SECRET and --dev", async (...args) => {
    const { code, stderr } = await runCli(args, { cwd: bench.folder() })
    expect(code).toBe(1)
    expect(stderr).toMatch(/DENGLU_SECRET is missing.*\n.*--dev/)
    expect(stderr).not.toContain("    at ")
  })

  test("a file that is no database is refused", async () => {
    const folder = bench.folder()
    writeFileSync(join(folder, "notes.txt"), "not a database, but a long enough text ".repeat(40))
    const env = { DENGLU_SECRET: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa", DENGLU_STORE: "sqlite:notes.txt" }
    const { code, stderr } = await runCli(["sessions", "list"], { cwd: folder, env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/The store can't be opened\. .*not a database/)
    expect(stderr).not.toContain(env.DENGLU_SECRET)
  })
})

describe("migrate", () => {
  const migrate = (cwd: string, store: string) => runCli(["migrate"], { cwd, env: { DENGLU_STORE: store } })

  test("makes a file and its folder as the server would: nobody but its owner can read it", async () => {
    const folder = bench.folder()
    const { code, stdout } = await migrate(folder, "sqlite:./data/login.db")
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/sqlite: schema 0 → \d+/) })
    expect(statSync(join(folder, "data", "login.db")).mode & 0o077).toBe(0)
  })

  test("says why it can't", async () => {
    const folder = bench.folder()
    writeFileSync(join(folder, "notes.txt"), "not a database, but a long enough text ".repeat(40))
    const inFile = await migrate(folder, "sqlite:./notes.txt/login.db")
    expect(inFile).toMatchObject({ code: 1, stdout: "" })
    expect(inFile.stderr).toMatch(/The schema can't be brought up to date: SQLite: E(NOTDIR|EXIST)/)
    const { code, stderr } = await migrate(folder, "sqlite:./notes.txt")
    expect(code).toBe(1)
    expect(stderr).toMatch(/The schema can't be brought up to date: SQLite: file is not a database/)
  })
})
