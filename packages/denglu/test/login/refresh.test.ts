import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { type Harness, startHarness, type TokenAnswer } from "../support/harness.ts"

const folder = mkdtempSync(join(tmpdir(), "denglu-refresh-"))
let harness: Harness
let files = 0
afterEach(() => harness.close())
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

const stores = {
  memory: () => "memory:",
  sqlite: () => {
    files += 1
    return `sqlite:${join(folder, `${files}.db`)}`
  },
}

const refreshWith = (token: string) => harness.send("POST", "/refresh", { body: { refresh_token: token } })
const refused = (answer: { status: number; body: { code: string } }) => [answer.status, answer.body.code]

describe.each(Object.entries(stores))("refresh over %s", (_name, url) => {
  const logIn = async (options = {}): Promise<TokenAnswer> => {
    harness = await startHarness({ store: url(), limits: false, ...options })
    return harness.logIn("alice")
  }

  test("the current token rotates, and its successor is the next current one", async () => {
    const first = await logIn()
    const second = await refreshWith(first.refresh_token)
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(first.refresh_token)
    expect(second.body.session_id).toBe(first.session_id)
    expect((await refreshWith(second.body.refresh_token)).status).toBe(200)
  })

  test("64 refreshes of one token at once have one distinct successor, and it works", async () => {
    const first = await logIn()
    const answers = await Promise.all(Array.from({ length: 64 }, () => refreshWith(first.refresh_token)))
    expect(answers.map(answer => answer.status)).toEqual(Array.from({ length: 64 }, () => 200))
    const successors = new Set(answers.map(answer => answer.body.refresh_token))
    expect(successors.size).toBe(1)
    const [successor] = successors
    expect((await refreshWith(successor)).status).toBe(200)
  })

  test("a replay within 30 seconds gets the same successor", async () => {
    const first = await logIn()
    const second = await refreshWith(first.refresh_token)
    harness.advance(30_000)
    const replayed = await refreshWith(first.refresh_token)
    expect(replayed.body.refresh_token).toBe(second.body.refresh_token)
  })

  test("a replay after 30 seconds revokes the whole family, access tokens too", async () => {
    const first = await logIn()
    const second = await refreshWith(first.refresh_token)
    harness.advance(30_001)
    expect(refused(await refreshWith(first.refresh_token))).toEqual([401, "refresh_reused"])
    expect(refused(await refreshWith(second.body.refresh_token))).toEqual([401, "session_revoked"])
    const me = await harness.send("GET", "/me", { token: second.body.access_token })
    expect(refused(me)).toEqual([401, "session_revoked"])
  })

  test("a token two generations old revokes the family even within 30 seconds", async () => {
    const first = await logIn()
    const second = await refreshWith(first.refresh_token)
    await refreshWith(second.body.refresh_token)
    expect(refused(await refreshWith(first.refresh_token))).toEqual([401, "refresh_reused"])
  })

  test("without a grace window even the first replay revokes the family", async () => {
    const first = await logIn({ refreshGrace: 0 })
    const [...answers] = await Promise.all(Array.from({ length: 8 }, () => refreshWith(first.refresh_token)))
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
    expect(new Set(answers.filter(answer => answer.status !== 200).map(answer => answer.body.code))).toEqual(
      new Set(["refresh_reused", "session_revoked"]),
    )
  })

  test("logout wins over refreshes at the same time", async () => {
    const first = await logIn()
    const race = await Promise.all([
      ...Array.from({ length: 32 }, () => refreshWith(first.refresh_token)),
      harness.send("POST", "/logout", { token: first.access_token }),
      ...Array.from({ length: 32 }, () => refreshWith(first.refresh_token)),
    ])
    const successors = new Set(
      race.map(answer => answer.body.refresh_token).filter(token => token !== undefined),
    )
    for (const token of [first.refresh_token, ...successors])
      expect(refused(await refreshWith(token as string))).toEqual([401, "session_revoked"])
  })

  test("rotation moves the idle end but never the absolute one", async () => {
    const day = 86_400_000
    let tokens: { refresh_token: string } = await logIn()
    for (let days = 0; days < 174; days += 29) {
      harness.advance(29 * day)
      const answer = await refreshWith(tokens.refresh_token)
      expect(answer.status).toBe(200)
      tokens = answer.body
    }
    harness.advance(6 * day)
    expect(refused(await refreshWith(tokens.refresh_token))).toEqual([401, "token_expired"])
  })

  test("a session that nobody refreshes for 30 days is over", async () => {
    const first = await logIn()
    harness.advance(30 * 86_400_000)
    expect(refused(await refreshWith(first.refresh_token))).toEqual([401, "token_expired"])
  })

  test("revocations survive a restart", async () => {
    const store = url()
    if (store === "memory:") return expect(store).toBe("memory:")
    harness = await startHarness({ store })
    const first = await harness.logIn("alice")
    await harness.send("POST", "/logout", { token: first.access_token })
    const { now } = harness
    await harness.close()
    harness = await startHarness({ store, clock: now })
    expect(refused(await harness.send("GET", "/me", { token: first.access_token }))).toEqual([
      401,
      "session_revoked",
    ])
    expect(refused(await refreshWith(first.refresh_token))).toEqual([401, "session_revoked"])
  })

  test("sessions, keys and users survive a restart", async () => {
    const store = url()
    if (store === "memory:") return expect(store).toBe("memory:")
    harness = await startHarness({ store })
    const first = await harness.logIn("alice")
    await harness.close()
    harness = await startHarness({ store })
    const me = await harness.send("GET", "/me", { token: first.access_token })
    expect([me.status, me.body.id]).toEqual([200, first.user.id])
    expect((await refreshWith(first.refresh_token)).status).toBe(200)
  })
})

describe("forged refresh tokens", () => {
  test.each([
    ["another counter", (token: string) => token.replace(/^(r1\.[^.]+)\.0/, "$1.1")],
    [
      "another session",
      (token: string) => token.replace(/^r1\../, match => (match.endsWith("0") ? "r1.1" : "r1.0")),
    ],
    [
      "a flipped last sign",
      (token: string) => `${token.slice(0, -2)}${token.at(-2) === "A" ? "B" : "A"}${token.at(-1)}`,
    ],
    ["a counter with a leading zero", (token: string) => token.replace(/^(r1\.[^.]+)\.0/, "$1.00")],
    ["no proof", (token: string) => token.slice(0, token.lastIndexOf("."))],
    ["an access token", () => "eyJhbGciOiJFZERTQSJ9.e30.AAAA"],
    ["something else", () => "x"],
  ])("%s is refused and revokes nothing", async (_name, forge) => {
    harness = await startHarness()
    const first = await harness.logIn("alice")
    expect(refused(await refreshWith(forge(first.refresh_token)))).toEqual([401, "token_invalid"])
    expect((await refreshWith(first.refresh_token)).status).toBe(200)
  })

  test("a forgery is refused without asking the database", async () => {
    harness = await startHarness()
    const first = await harness.logIn("alice")
    await harness.close()
    const forged = first.refresh_token.replace(/.{43}$/, "A".repeat(43))
    expect(refused(await refreshWith(forged))).toEqual([401, "token_invalid"])
  })
})

test("a changed secret keeps refresh tokens good as long as the old one stays in the list", async () => {
  const older = "an-older-key-0123456789-abcdefghij-klm"
  const newer = "a-newer-key-9876543210-zyxwvutsrq-pon"
  files += 1
  const store = `sqlite:${join(folder, `${files}.db`)}`
  harness = await startHarness({ store, secret: older })
  const first = await harness.logIn("alice")
  await harness.close()
  harness = await startHarness({ store, secret: [newer, older] })
  const second = await refreshWith(first.refresh_token)
  expect(second.status).toBe(200)
  await harness.close()
  harness = await startHarness({ store, secret: newer })
  expect((await refreshWith(second.body.refresh_token)).status).toBe(200)
  expect(refused(await refreshWith(first.refresh_token))).toEqual([401, "token_invalid"])
  const me = await harness.send("GET", "/me", { token: second.body.access_token })
  expect(me.status).toBe(200)
})
