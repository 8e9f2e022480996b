import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { digestOf } from "../../src/login/scan/start-scan.ts"
import { createRandomBytes } from "../../src/random.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Answer, Harness } from "../support/harness.ts"
import {
  type Browser,
  cookieOf,
  openBrowser,
  type Phone,
  scanHarness,
  takePhone,
} from "../support/scanning.ts"

/** Somebody wants a session that is not theirs, or to be somebody whom they are not. Each tries as often. */
const attempts = process.env.DENGLU_CAMPAIGN === "1" ? 1_000 : 50
const guesses = process.env.DENGLU_CAMPAIGN === "1" ? 10_000_000 : 100_000

let harness: Harness
let alice: Phone
let mallory: Phone
/** Every session that came into being by scanning. */
let sessions: string[]
beforeEach(async () => {
  harness = await scanHarness({ limits: false, allowedOrigins: ["https://www.example.com"] })
  alice = await takePhone(harness, "alice")
  mallory = await takePhone(harness, "mallory")
  sessions = []
  harness.login.on("session.issued", ({ sessionId, openedBy }) => {
    if (openedBy === "scan") sessions.push(sessionId)
  })
})
afterEach(() => harness.close())

const code = ({ status, body }: Answer) => [status, body?.code]

/** What all browsers that are after a session do in the end. @returns the codes they got */
async function redeemAll(browsers: readonly Browser[], id?: string): Promise<string[]> {
  const answers = await Promise.all(
    browsers.map(({ redeem, proof, id: own }) =>
      id === undefined || id === own
        ? redeem()
        : harness.send("POST", `/scan/${id}/redeem`, { headers: proof }),
    ),
  )
  return answers.map(({ status, body }) => (status === 200 ? "redeemed" : body.code))
}

/** The ticket of an honest page whose login alice wants, opened on her phone. */
async function openedByAlice(): Promise<Browser> {
  const browser = await openBrowser(harness)
  expect((await alice.scan(browser.image)).status).toBe(200)
  return browser
}

const attacks: Readonly<Record<string, (round: number) => Promise<void>>> = {
  async "a page shows alice mallory's code, and she reads on her phone that it is not her browser"() {
    const browser = await openBrowser(harness, { headers: { "user-agent": "curl/8.5.0" } })
    const { body } = await alice.scan(browser.image)
    expect(body).toMatchObject({ browser: null })
    expect((await alice.deny(body.id, { not_me: true })).status).toBe(204)
    expect(await redeemAll([browser])).toEqual(["ticket_denied"])
  },

  async "a page shows alice mallory's code without its number, and she types the number of her own page"() {
    const [own, foreign] = [await openBrowser(harness), await openBrowser(harness)]
    const number = own.number === foreign.number ? otherNumber(foreign) : own.number
    const { body } = await alice.scan(foreign.image)
    expect(code(await alice.confirm(body.id, number))).toEqual([403, "ticket_number_wrong"])
    expect(await redeemAll([foreign])).toEqual(["ticket_denied"])
  },

  async "a page shows alice mallory's code, and she scans it and walks away"() {
    const browser = await openedByAlice()
    expect(await redeemAll([browser])).toEqual(["ticket_pending"])
    harness.advance(180_000)
    expect(await redeemAll([browser])).toEqual(["ticket_invalid"])
  },

  async "mallory sends alice the picture of the code, and she opens it from the chat, the album or a card"(
    round,
  ) {
    const browser = await openBrowser(harness)
    const by = (["picture", "album", "card", "group_card"] as const)[round % 4]
    expect(code(await alice.scan(browser.image, by))).toEqual([403, "ticket_not_scanned"])
    expect(code(await alice.confirm(browser.id, browser.number))).toEqual([400, "ticket_invalid"])
    expect(await redeemAll([browser])).toEqual(["ticket_pending"])
  },

  async "mallory opens the code that alice has opened, and confirms in her place"() {
    const browser = await openedByAlice()
    expect(code(await mallory.scan(browser.image))).toEqual([403, "ticket_taken"])
    expect(code(await mallory.confirm(browser.id, browser.number))).toEqual([403, "ticket_taken"])
    expect(code(await mallory.deny(browser.id, { not_me: true }))).toEqual([400, "ticket_invalid"])
    expect(await redeemAll([browser])).toEqual(["ticket_pending"])
  },

  async "mallory confirms by the ticket's id what nobody has scanned"() {
    const browser = await openBrowser(harness)
    expect(code(await mallory.confirm(browser.id, browser.number))).toEqual([400, "ticket_invalid"])
    expect(await redeemAll([browser])).toEqual(["ticket_pending"])
  },

  async "mallory has read the scene off alice's screen, and uses it as id, as secret, and at the phone's routes without a login"() {
    const browser = await openedByAlice()
    await alice.confirm(browser.id, browser.number)
    const scene = harness.simulator.scanCode({ image: browser.image })?.query.scene ?? ""
    const own = await openBrowser(harness)
    const proofs = [own.proof, { "denglu-scan-secret": scene }, { cookie: `__Host-denglu-scan=${scene}` }, {}]
    for (const headers of proofs)
      for (const id of [scene, browser.id])
        for (const [method, path] of [
          ["GET", `/scan/${id}`],
          ["POST", `/scan/${id}/redeem`],
        ] as const)
          expect(code(await harness.send(method, path, { headers }))).toEqual([400, "ticket_invalid"])
    const body = { scene, launch_scene: 1047 }
    expect(code(await harness.send("POST", "/scan/open", { body }))).toEqual([401, "token_missing"])
    await alice.deny(browser.id)
  },

  async "mallory knows the ticket's id of a confirmed login, but not the browser's secret"() {
    const browser = await openedByAlice()
    await alice.confirm(browser.id, browser.number)
    const own = await openBrowser(harness)
    expect(await redeemAll([own], browser.id)).toEqual(["ticket_invalid"])
    expect(code(await harness.send("POST", `/scan/${browser.id}/redeem`))).toEqual([400, "ticket_invalid"])
    await alice.deny(browser.id)
  },

  async "mallory puts his own ticket's id, or his cookie, before alice's browser"() {
    // He would have her logged in as himself, and read later what she leaves there.
    const his = await openBrowser(harness)
    await mallory.scan(his.image)
    await mallory.confirm(his.id, his.number)
    const hers = await openBrowser(harness, { headers: his.proof })
    expect(cookieOf(hers.answer)).not.toBe(his.proof.cookie)
    expect(await redeemAll([hers], his.id)).toEqual(["ticket_invalid"])
    await mallory.deny(his.id)
  },

  async "alice scans when the code is over"() {
    const browser = await openBrowser(harness)
    harness.advance(180_000)
    expect(code(await alice.scan(browser.image))).toEqual([400, "ticket_invalid"])
    expect(await redeemAll([browser])).toEqual(["ticket_invalid"])
  },

  async "alice confirms when the code is over"() {
    const browser = await openedByAlice()
    harness.advance(180_000)
    expect(code(await alice.confirm(browser.id, browser.number))).toEqual([400, "ticket_invalid"])
    expect(await redeemAll([browser])).toEqual(["ticket_invalid"])
  },

  async "a number is guessed, and once more"() {
    const browser = await openedByAlice()
    expect(code(await alice.confirm(browser.id, otherNumber(browser)))).toEqual([403, "ticket_number_wrong"])
    expect(code(await alice.confirm(browser.id, browser.number))).toEqual([400, "ticket_invalid"])
    expect(await redeemAll([browser])).toEqual(["ticket_denied"])
  },

  async "a page of another site asks for a code in alice's browser, or redeems hers"() {
    const browser = await openedByAlice()
    await alice.confirm(browser.id, browser.number)
    const origin = "https://evil.example"
    for (const headers of [
      { origin, "sec-fetch-site": "cross-site" },
      { origin, "sec-fetch-site": "same-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "cross-site" },
      { origin },
      { origin: "null" },
      { origin: "https://www.example.com.evil.example" },
    ]) {
      const asked = await harness.send("POST", "/scan", { headers })
      expect([...code(asked), asked.headers.get("set-cookie")]).toEqual([403, "origin_refused", null])
      const path = `/scan/${browser.id}/redeem`
      const redeemed = await harness.send("POST", path, { headers: { ...headers, ...browser.proof } })
      expect(code(redeemed)).toEqual([403, "origin_refused"])
    }
    await alice.deny(browser.id)
  },

  async "alice logs out between her yes and the browser's session"() {
    const phone = await takePhone(harness, "alice")
    const browser = await openBrowser(harness)
    await phone.scan(browser.image)
    await phone.confirm(browser.id, browser.number)
    await harness.send("POST", "/logout", { token: phone.tokens.access_token })
    expect(await redeemAll([browser])).toEqual(["ticket_invalid"])
  },
}

function otherNumber({ number }: Browser): string {
  return number === "99" ? "10" : String(Number(number) + 1)
}

describe(`of ${attempts} attempts each, none ends with a session`, () => {
  test.each(Object.entries(attacks))("%s", { timeout: 300_000 }, async (_name, attack) => {
    for (let round = 0; round < attempts; round += 1) {
      // The clock has gone on: tokens of the round before may be over.
      alice = await takePhone(harness, "alice")
      mallory = await takePhone(harness, "mallory")
      await attack(round)
    }
    expect(sessions).toEqual([])
  })
})

describe(`of ${attempts} logins there is one session each`, () => {
  test("however often a redemption is repeated, and by how many at once", { timeout: 300_000 }, async () => {
    for (let round = 0; round < attempts; round += 1) {
      const browser = await openedByAlice()
      await alice.confirm(browser.id, browser.number)
      const answers = await redeemAll(new Array(64).fill(browser))
      expect(answers.filter(answer => answer === "redeemed")).toHaveLength(1)
      expect(await redeemAll([browser])).toEqual(["ticket_invalid"])
    }
    expect(sessions).toHaveLength(attempts)
  })

  test("a session that was opened by scanning opens no other", { timeout: 300_000 }, async () => {
    const first = await openedByAlice()
    await alice.confirm(first.id, first.number)
    const { access_token: token } = (await first.redeem()).body
    for (let round = 0; round < attempts; round += 1) {
      const next = await openBrowser(harness)
      const launch = harness.simulator.scanCode({ image: next.image })
      const body = { scene: launch?.query.scene, launch_scene: 1047 }
      expect(code(await harness.send("POST", "/scan/open", { token, body }))).toEqual([
        403,
        "ticket_not_scanned",
      ])
    }
    expect(sessions).toHaveLength(1)
  })
})

test("what can't be prevented: whoever is shown another's code with its number, and says yes, has said yes", async () => {
  // A page that passes code and number on at once. What is left is what they read before, and that they can end it.
  const relayed = await openBrowser(harness, {
    headers: { "user-agent": "HeadlessChrome/140.0.0.0 (X11; Linux)" },
  })
  const { body } = await alice.scan(relayed.image)
  expect(body.browser).toBe("Chrome on Linux")
  await alice.confirm(body.id, relayed.number)
  const stolen = (await relayed.redeem()).body
  expect(sessions).toEqual([stolen.session_id])
  const { access_token: token } = alice.tokens
  const listed = (await harness.send("GET", "/me/sessions", { token })).body.sessions
  expect(listed.map(({ device }: { device: string | null }) => device)).toContain(
    "Chrome on Linux, by scanning",
  )
  await harness.send("DELETE", `/me/sessions/${stolen.session_id}`, { token })
  expect((await harness.send("GET", "/me", { token: stolen.access_token })).status).toBe(401)
})

test(`of ${guesses} guesses at the scenes of 1,000 open codes none is right`, {
  timeout: 600_000,
}, async () => {
  const store = createMemoryStore()
  const random = createRandomBytes()
  const newScene = () => Buffer.from(random(16)).toString("base64url")
  const login = {
    now: harness.now(),
    appid: harness.appid,
    openid: "guesser",
    openPlatform: "default",
    sessionKey: { sealed: "", fingerprint: "" },
    newUserId: "guesser",
    session: { id: "guesser", idleExpiresAt: Infinity, absoluteExpiresAt: Infinity, userAgent: "" },
  }
  await store.logIn(login)
  const scenes = Array.from({ length: 1_000 }, newScene)
  for (const [index, scene] of scenes.entries())
    await store.createScan({
      id: `scan${index}`,
      sceneDigest: digestOf(scene),
      secretDigest: "",
      number: "47",
      appid: harness.appid,
      origin: null,
      userAgent: "",
      place: null,
      createdAt: 0,
      expiresAt: Infinity,
    })
  const guess = { userId: "guesser", sessionId: "guesser", appid: harness.appid, now: harness.now() }
  const open = (scene: string) => store.openScan({ ...guess, sceneDigest: digestOf(scene) })
  let hits = 0
  for (let count = 0; count < guesses; count += 1) if ((await open(newScene())).kind !== "invalid") hits += 1
  expect(hits).toBe(0)
  // The look-up that found nothing does find what is there.
  expect((await open(scenes[500] as string)).kind).toBe("opened")
})
