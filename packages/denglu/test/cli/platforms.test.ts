import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { openStore } from "../../src/store/open-store.ts"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

const platform = "wx0123456789abcde0"
const secrets = {
  platform: "1f1e2d3c4b5a69788796a5b4c3d2e1f1",
  token: "platformTOKEN9",
  key: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYaE7uR2oT5yI8",
  denglu: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa",
}
const env = { DENGLU_SECRET: secrets.denglu }

/** A folder with a configuration file that has a platform, and maybe more. */
function folder(more: object = {}): string {
  const cwd = bench.folder()
  const config = {
    platforms: [
      {
        appid: platform,
        secret: secrets.platform,
        push: { token: secrets.token, encodingAesKey: secrets.key },
      },
    ],
    ...more,
  }
  writeFileSync(join(cwd, "denglu.config.mjs"), `export default ${JSON.stringify(config)}`)
  return cwd
}

const storeOf = (cwd: string) => openStore(`sqlite:${join(cwd, "data/login.db")}`)
const ticket = (issuedAt: number) => ({ sealed: "sealed", issuedAt, receivedAt: issuedAt })
const hour = 3_600_000

describe("denglu platforms list", () => {
  test("shows ticket and mini programs, as a table and as JSON, without anything sealed", async () => {
    const cwd = folder()
    const empty = await runCli(["platforms", "list"], { cwd, env })
    expect(empty).toMatchObject({ code: 0, stdout: `${platform}: no ticket yet; 0 mini programs\n` })
    const store = await storeOf(cwd)
    await store.keepPlatformTicket(platform, ticket(1_800_000_000_000))
    await store.keepAuthorizer({
      platformAppid: platform,
      appid: "wx0123456789abcde1",
      sealedRefreshToken: "sealed refresh token",
      openPlatform: undefined,
      defaultOpenPlatform: "company",
      codeDigest: "digest",
      authorizedAt: 1_800_000_000_000,
      audit: { id: "1", at: 1, actor: "wechat" },
    })
    await store.close()
    const table = await runCli(["platforms", "list"], { cwd, env })
    expect(table.stdout).toContain("ticket of 2027-01-15T08:00:00.000Z; 1 mini programs")
    expect(table.stdout).toMatch(/^wx0123456789abcde1 +company +2027-01-15T08:00:00.000Z$/m)
    const json = await runCli(["platforms", "list", "--json"], { cwd, env })
    expect(JSON.parse(json.stdout)).toEqual([
      {
        appid: platform,
        ticket_issued_at: "2027-01-15T08:00:00.000Z",
        authorizers: [
          {
            appid: "wx0123456789abcde1",
            open_platform: "company",
            authorized_at: "2027-01-15T08:00:00.000Z",
            revoked_at: null,
          },
        ],
      },
    ])
    for (const { output } of [table, json])
      for (const text of ["sealed", ...Object.values(secrets)]) expect(output).not.toContain(text)
  })

  test("says what to write where there is no platform, or a wrong one", async () => {
    const none = await runCli(["platforms", "list"], { cwd: folder({ platforms: [] }), env })
    expect(none.code).toBe(1)
    expect(none.stderr).toContain("platforms: [{ appid, secret, push }]")
    const platforms = [{ appid: platform, secret: secrets.platform, push: { token: secrets.token } }]
    const wrong = await runCli(["platforms", "list"], { cwd: folder({ platforms }), env })
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain(`push.encodingAesKey of app ${platform} is missing`)
    expect(wrong.output).not.toContain(secrets.platform)
  })
})

describe("denglu start", () => {
  test("needs no app of its own beside a platform, and apps may name it", async () => {
    const apps = [{ appid: "wx0123456789abcde1", platform: "wx0123456789abcde9" }]
    const wrong = await runCli(["start", "--port", "0"], { cwd: folder({ apps }), env })
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain("names the platform wx0123456789abcde9, which is not in platforms")
    expect(wrong.stderr).toContain("a setting needs your attention")
    expect(wrong.stderr).not.toContain("WECHAT_APPID")
  })
})

describe("denglu doctor", () => {
  const diagnose = async (cwd: string, lang = "C") => {
    const { stdout } = await runCli(["doctor", "--json"], { cwd, env: { ...env, LANG: lang } })
    const { findings } = JSON.parse(stdout) as {
      readonly findings: readonly { readonly check: string; readonly ok: boolean; readonly says: string }[]
    }
    for (const text of Object.values(secrets)) expect(stdout).not.toContain(text)
    return findings.find(({ check }) => check === `platform ${platform}`)
  }

  test.each([
    ["never came", undefined, false, /^No component_verify_ticket has ever come.*start-push/],
    ["came just now", 0, true, /^The ticket is 0 min old; 0 mini programs/],
    ["is two hours old", 2 * hour, false, /is 2 h old.*after twelve hours nobody/],
    ["is over", 13 * hour, false, /is 13 h old.*it is over.*start-push/],
  ] as const)("tells of a ticket that %s", async (_name, age, ok, says) => {
    const cwd = folder()
    const store = await storeOf(cwd)
    if (age !== undefined) await store.keepPlatformTicket(platform, ticket(Date.now() - age))
    await store.close()
    const finding = await diagnose(cwd)
    expect(finding?.ok).toBe(ok)
    expect(finding?.says).toMatch(says)
    if (!ok) expect(finding?.says).toContain(`/wechat/platform/${platform}`)
    expect((await diagnose(cwd, "zh_CN.UTF-8"))?.says).toMatch(/\p{Script=Han}/u)
  })
})

describe("denglu platforms start-push", () => {
  test("asks which, if there are several", async () => {
    const two = [platform, "wx0123456789abcde2"].map(appid => ({
      appid,
      secret: secrets.platform,
      push: { token: secrets.token, encodingAesKey: secrets.key },
    }))
    const cwd = folder({ platforms: two })
    const { code, stderr } = await runCli(["platforms", "start-push"], { cwd, env })
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${platform}, wx0123456789abcde2`)])
  })

  test("tells what was in the way, without the secret", async () => {
    const server = createServer((_req, res) => res.end())
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const { port } = server.address() as AddressInfo
    const cwd = folder({ wechat: { baseUrl: `https://127.0.0.1:${port}`, timeoutMs: 500 } })
    const { code, stderr, output } = await runCli(["platforms", "start-push"], { cwd, env })
    server.close()
    expect(code).toBe(1)
    expect(stderr).toContain("api_start_push_ticket")
    expect(output).not.toContain(secrets.platform)
  })
})
