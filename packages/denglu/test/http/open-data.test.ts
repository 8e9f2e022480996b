import { createCipheriv, createHash, randomBytes } from "node:crypto"
import { afterEach, describe, expect, test } from "vitest"
import { type Answer, type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
afterEach(() => harness.close())

type Sent = Readonly<Record<string, string>>

/** Data as WeChat gives it to a page of this person, now. */
function dataOf(user: string, data?: object): { readonly encrypted_data: string; readonly iv: string } {
  const { encryptedData, iv } = harness.simulator.encryptData({ user, ...(data && { data }) })
  return { encrypted_data: encryptedData, iv }
}

function rawOf(user: string): { readonly raw_data: string; readonly signature: string } {
  const { rawData, signature } = harness.simulator.encryptData({ user })
  return { raw_data: rawData, signature }
}

const post = (token: string, body: unknown) => harness.send("POST", "/me/open-data", { token, body })

/** What a sender can tell answers apart by, but for the request's id. */
function visible({ status, headers, text }: Answer) {
  return {
    status,
    headers: [...headers].filter(([name]) => name !== "x-request-id" && name !== "date"),
    text: text.replace(/"request_id":"[^"]*"/, ""),
  }
}

/** A bit of a base64 text turned. */
function turned(text: string, byte: number, mask: number): string {
  const bytes = Buffer.from(text, "base64")
  bytes[byte] = (bytes[byte] as number) ^ mask
  return bytes.toString("base64")
}

describe("open data of the person who sends it", () => {
  test("is decrypted, with openid and watermark", async () => {
    harness = await startHarness()
    const { access_token, user } = await harness.logIn("alice")
    const answer = await post(access_token, dataOf("alice"))
    const openid = (await harness.login.users.get(user.id))?.identities[0]?.openid
    expect(answer.status).toBe(200)
    expect(answer.body.data).toMatchObject({
      openId: openid,
      nickName: "微信用户",
      watermark: { appid: harness.appid, timestamp: expect.any(Number) },
    })
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })

  test("of another shape is decrypted too: shares, steps, phone numbers", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    for (const data of [
      { openGId: "tGDkT1k" },
      { stepInfoList: [{ timestamp: 1_445_866_601, step: 100 }] },
      { phoneNumber: "13800138000", purePhoneNumber: "13800138000", countryCode: "86" },
    ])
      expect((await post(access_token, dataOf("alice", data))).body.data).toMatchObject(data)
  })

  test("made with the key before the present one is decrypted; with the one before that it is not", async () => {
    harness = await startHarness()
    await harness.logIn("alice")
    const data = dataOf("alice")
    harness.simulator.rotateSessionKey({ user: "alice" })
    const { access_token } = await harness.logIn("alice")
    expect((await post(access_token, data)).status).toBe(200)
    harness.simulator.rotateSessionKey({ user: "alice" })
    const later = await harness.logIn("alice")
    expect((await post(later.access_token, data)).body.code).toBe("open_data_invalid")
  })

  test("as raw data passes if its signature fits", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    const raw = rawOf("alice")
    const answer = await post(access_token, { ...raw, signature: raw.signature.toUpperCase() })
    expect([answer.status, answer.body.data]).toEqual([200, JSON.parse(raw.raw_data)])
    const other = await post(access_token, { ...raw, raw_data: raw.raw_data.replace("微信", "weixin") })
    expect(other.body.code).toBe("open_data_invalid")
  })

  test("may be as old as openDataMaxAge says", async () => {
    harness = await startHarness({ openDataMaxAge: 60 })
    const { access_token } = await harness.logIn("alice")
    const data = dataOf("alice")
    harness.advance(50_000)
    expect((await post(access_token, data)).status).toBe(200)
    harness.advance(60_000)
    expect((await post(access_token, data)).body.code).toBe("open_data_invalid")
  })

  test("is read for nobody without a token, and after a logout for nobody either", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    const data = dataOf("alice")
    expect((await harness.send("POST", "/me/open-data", { body: data })).body.code).toBe("token_missing")
    await harness.send("POST", "/logout", { token: access_token })
    expect((await post(access_token, data)).body.code).toBe("session_revoked")
  })

  test.each<[string, unknown]>([
    ["nothing", {}],
    ["half a pair", { encrypted_data: "AAAA" }],
    ["halves of both", { encrypted_data: "AAAA", signature: "00" }],
    ["both pairs", { encrypted_data: "A", iv: "A", raw_data: "{}", signature: "0" }],
    ["a pair and a half", { encrypted_data: "A", iv: "A", raw_data: "{}" }],
    ["fields as WeChat writes them", { encryptedData: "A", iv: "A" }],
    ["a field too many", { encrypted_data: "A", iv: "A", openid: "o" }],
    ["a number", { encrypted_data: 1, iv: "A" }],
    ["an empty text", { encrypted_data: "", iv: "A" }],
    ["a list", [{ encrypted_data: "A", iv: "A" }]],
  ])("%s is not a request, and costs no try", async (_name, body) => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    for (let round = 0; round < 21; round += 1) {
      const answer = await post(access_token, body)
      expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"])
    }
  })
})

describe("forged open data", () => {
  test("is answered the same whatever is wrong with it, byte by byte", async () => {
    harness = await startHarness()
    const two = harness.simulator.addApp()
    const { access_token } = await harness.logIn("alice")
    await harness.logIn("mallory")
    const good = dataOf("alice")
    const other = harness.simulator.encryptData({ appid: two.appid, user: "alice" })
    const raw = rawOf("alice")
    const wrong: Readonly<Record<string, Sent>> = {
      "a bit of the padding": { ...good, encrypted_data: turned(good.encrypted_data, lastButOne(good), 1) },
      "a bit of the JSON": { ...good, encrypted_data: turned(good.encrypted_data, 20, 1) },
      "a bit of the first field": { ...good, iv: turned(good.iv, 0, 1) },
      "a bit of the openid": { ...good, iv: turned(good.iv, 12, 1) },
      "the person": dataOf("mallory"),
      "the app": { encrypted_data: other.encryptedData, iv: other.iv },
      "a block too few": { ...good, encrypted_data: shortened(good.encrypted_data, 16) },
      "a byte too few": { ...good, encrypted_data: shortened(good.encrypted_data, 1) },
      "the alphabet": { ...good, encrypted_data: "****" },
      "the length of the iv": { ...good, iv: "AAAA" },
      "the signature": { ...raw, signature: "0".repeat(40) },
      "the length of the signature": { ...raw, signature: "0" },
      "the raw data": { ...raw, raw_data: "{}" },
    }
    const seen = new Set<string>()
    for (const [name, body] of Object.entries(wrong)) {
      const answer = await post(access_token, body)
      expect([name, answer.body.code]).toEqual([name, "open_data_invalid"])
      seen.add(JSON.stringify(visible(answer)))
    }
    harness.advance(400_000)
    seen.add(JSON.stringify(visible(await post(access_token, { ...good }))))
    harness.simulator.rotateSessionKey({ user: "alice" })
    seen.add(JSON.stringify(visible(await post(access_token, dataOf("alice")))))
    expect(seen.size).toBe(1)
    expect([...seen][0]).not.toMatch(/stale|padding|watermark|appid/)
  })

  test("with 64 at once gets 20 tries, then 429 without a look at the data, until the hour is over", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    const good = dataOf("alice")
    const forged = { ...good, iv: turned(good.iv, 12, 1) }
    const answers = await Promise.all(Array.from({ length: 64 }, () => post(access_token, forged)))
    const codes = answers.map(({ body }) => body.code)
    expect(codes.filter(code => code === "open_data_invalid")).toHaveLength(20)
    expect(codes.filter(code => code === "rate_limited")).toHaveLength(44)
    const refused = await post(access_token, good)
    const wait = Number(refused.headers.get("retry-after"))
    expect([refused.status, refused.body.code]).toEqual([429, "rate_limited"])
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(3_600)
    harness.advance(wait * 1000)
    const { access_token: later } = await harness.logIn("alice")
    expect((await post(later, dataOf("alice"))).status).toBe(200)
  })

  test("gets no new tries by logging in again, since the key is the same", async () => {
    harness = await startHarness()
    let answers: Answer[] = []
    for (let logins = 0; logins < 5; logins += 1) {
      const { access_token } = await harness.logIn("alice")
      const good = dataOf("alice")
      for (let tries = 0; tries < 5; tries += 1)
        answers.push(await post(access_token, { ...good, iv: turned(good.iv, 12, 1) }))
    }
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(20)
    answers = [await post((await harness.logIn("bob")).access_token, dataOf("bob"))]
    expect(answers[0]?.status).toBe(200)
  })

  test("is told to those who listen; what is good costs no try, however much comes at once", async () => {
    harness = await startHarness()
    const { access_token, session_id, user } = await harness.logIn("alice")
    const heard: object[] = []
    harness.login.on("open_data.refused", event => void heard.push(event))
    const good = dataOf("alice")
    const answers = await Promise.all(Array.from({ length: 64 }, () => post(access_token, good)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const bad = await post(access_token, { ...good, iv: turned(good.iv, 12, 1) })
    expect(heard).toEqual([
      {
        sessionId: session_id,
        userId: user.id,
        appid: harness.appid,
        code: "open_data_invalid",
        requestId: bad.body.request_id,
      },
    ])
  })

  test("never shows in the log, nor does the key", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    const good = dataOf("alice")
    await post(access_token, { ...good, iv: turned(good.iv, 12, 1) })
    expect(harness.logged).toEqual([])
  })

  test("by iv, any bit of the first 16 bytes turned, is refused, also where openId gets another name by it", async () => {
    harness = await startHarness()
    const { session_id } = await harness.logIn("alice")
    for (let bit = 0; bit < 128; bit += 1) {
      // Fewer than 20 tries an hour.
      if (bit % 16 === 0) harness.advance(3_600_000)
      const { encrypted_data: encryptedData, iv } = dataOf("alice")
      const forged = { encryptedData, iv: turned(iv, bit >> 3, 1 << (bit & 7)) }
      await expect(harness.login.openData.decrypt(session_id, forged)).rejects.toMatchObject({
        code: "open_data_invalid",
      })
    }
  })

  test("that begins like a phone number by iv is no phone number", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    const data = { openGId: "tG13800138000138001380001380" }
    const { encrypted_data, iv } = dataOf("alice", data)
    const was = Buffer.from(JSON.stringify(data).slice(0, 16))
    const wanted = Buffer.from('{"phoneNumber":"')
    const bytes = Buffer.from(iv, "base64").map((byte, at) => byte ^ (was[at] ?? 0) ^ (wanted[at] ?? 0))
    const forged = { encrypted_data, iv: Buffer.from(bytes).toString("base64") }
    expect((await post(access_token, forged)).body.code).toBe("open_data_invalid")
  })

  test("under a key that anybody could think of is not read", async () => {
    harness = await startHarness()
    const { access_token } = await harness.logIn("alice")
    const watermark = { appid: harness.appid, timestamp: Math.floor(harness.now() / 1000) }
    for (const key of [Buffer.alloc(16), randomBytes(16), createHash("md5").update("").digest()]) {
      const iv = randomBytes(16)
      const cipher = createCipheriv("aes-128-cbc", key, iv)
      const encrypted_data =
        cipher.update(JSON.stringify({ watermark }), "utf8", "base64") + cipher.final("base64")
      const answer = await post(access_token, { encrypted_data, iv: iv.toString("base64") })
      expect(answer.body.code).toBe("open_data_invalid")
    }
  })
})

function lastButOne({ encrypted_data }: Sent): number {
  return Buffer.from(encrypted_data ?? "", "base64").length - 17
}

function shortened(text: string, bytes: number): string {
  return Buffer.from(text, "base64").subarray(0, -bytes).toString("base64")
}
