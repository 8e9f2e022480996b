import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { type StartedSimulator, startSimulator } from "@denglu/simulator"
import { createLogin, type Login } from "denglu"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { changed, type Forgery, forgeByPadding, rewritten, turned } from "./support/forger.ts"
import { campaign } from "./support/instances.ts"

const tries = 20
/** Hours that each attack goes on, 20 tries in each. */
const hours = campaign(3, 250)
const hour = 3_600_000

let simulator: StartedSimulator
let login: Login
let server: Server
let url: string
let own: string
let other: string
const logged: string[] = []
/** The latest session_key of each openid, as only WeChat and the server know it. */
const keys = new Map<string, string>()
/** Every answer to a forgery but for the request's id, whatever the attack. */
const seen = new Set<string>()

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 })
  simulator.simulator.addApp()
  const { apps } = simulator.simulator.state()
  ;[own = "", other = ""] = apps.map(({ appid }) => appid)
  const note = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  login = await createLogin({
    apps: apps.map(({ appid, secret }) => ({ appid, secret })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-forgery",
    limits: false,
    clock: simulator.simulator.clock.now,
    log: { info: note, warn: note, error: note },
    wechat: {
      simulator: simulator.url,
      async fetch(request) {
        const response = await fetch(request)
        const { openid, session_key } = JSON.parse(await response.clone().text())
        if (session_key !== undefined) keys.set(openid, session_key)
        return response
      },
    },
  })
  server = createServer(login.node)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await login.close()
  await simulator.close()
})

async function ask(path: string, body: object, token = "") {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}

async function tokenOf(user: string): Promise<string> {
  const code = simulator.simulator.issueCode({ appid: own, user })
  const { status, text } = await ask("/login", { appid: own, code })
  expect(status).toBe(200)
  return JSON.parse(text).access_token
}

/** What WeChat gives a page of this person, now. */
function given(user: string, data?: object, appid = own): Forgery {
  const { encryptedData, iv } = simulator.simulator.encryptData({ appid, user, ...(data && { data }) })
  return { encrypted_data: encryptedData, iv }
}

/** Sends forgeries of one person until that is stopped, hour after hour. Each time it has to be after 20 of them. */
async function attack(user: string, forge: (round: number) => Forgery): Promise<void> {
  let round = 0
  for (let passed = 0; passed < hours; passed += 1) {
    simulator.simulator.clock.advance(hour)
    const token = await tokenOf(user)
    for (let sent = 0; sent < tries; sent += 1) {
      seen.add(visible(await ask("/me/open-data", forge(round), token)))
      round += 1
    }
    for (const late of [forge(round), given(user)])
      expect((await ask("/me/open-data", late, token)).status).toBe(429)
  }
  expect([...seen]).toEqual([expect.stringMatching(/^400 .*"code":"open_data_invalid"/)])
}

function visible({ status, headers, text }: Awaited<ReturnType<typeof ask>>): string {
  const kept = [...headers].filter(([name]) => name !== "x-request-id" && name !== "date")
  return `${status} ${JSON.stringify(kept)} ${text.replace(/"request_id":"[^"]*"/, "")}`
}

const phone = { phoneNumber: "13800138000", purePhoneNumber: "13800138000", countryCode: "86" }

describe(`forged open data over HTTP, ${hours * tries} tries of each kind: no answer but one, and none after 20 tries`, () => {
  test("what is not forged is read, also by whoever is attacked", async () => {
    const token = await tokenOf("alice")
    const watermark = { appid: own, timestamp: Math.floor(simulator.simulator.clock.now() / 1000) }
    const key = Buffer.from(keys.get(openidOf("alice")) ?? "", "base64")
    const data = { openGId: "tGDkT1k", watermark }
    for (const good of [given("alice"), given("alice", phone), sealed(data, key)])
      expect((await ask("/me/open-data", good, token)).status).toBe(200)
  })

  const flips: readonly [string, object | undefined][] = [
    ["profile", undefined],
    ["phone number", phone],
  ]
  test.each(flips)("any bit of iv turned, of a %s", async (_of, data) => {
    await attack("alice", round => {
      const good = given("alice", data)
      return { ...good, iv: turned(good.iv, round % 128) }
    })
  })

  test("openid and names of fields written anew by iv", async () => {
    const known = `{"openId":"${openidOf("alice")}`.slice(0, 16)
    const wanted = [`{"openId":"VICTI`, `{"phoneNumber":"`, `{"openGId":"tGDk`, `{"a":1,"b":"zzzz`]
    await attack("alice", round => rewritten(given("alice"), known, wanted[round % wanted.length] as string))
  })

  test("any bit of the data turned", async () => {
    await attack("alice", () => {
      const good = given("alice")
      const bits = Buffer.from(good.encrypted_data, "base64").length * 8
      return { ...good, encrypted_data: turned(good.encrypted_data, randomBytes(4).readUInt32LE() % bits) }
    })
  })

  test("pieces of what WeChat made for the same person", async () => {
    const cuts: readonly ((one: Forgery, two: Forgery) => Forgery)[] = [
      // The first block as iv: the text begins 16 bytes later.
      one => ({
        iv: changed(one.encrypted_data, bytes => bytes.subarray(0, 16)),
        encrypted_data: changed(one.encrypted_data, bytes => bytes.subarray(16)),
      }),
      one => ({ ...one, encrypted_data: changed(one.encrypted_data, bytes => bytes.subarray(0, -16)) }),
      one => ({ ...one, encrypted_data: changed(one.encrypted_data, bytes => bytes.subarray(0, -1)) }),
      (one, two) => ({ ...one, iv: two.iv }),
      (one, two) => ({ ...one, encrypted_data: spliced(one, two, bytes => bytes.subarray(16)) }),
      (one, two) => ({ ...one, encrypted_data: spliced(one, two, bytes => bytes.subarray(-32)) }),
      (one, two) => ({ ...one, encrypted_data: spliced(one, two, bytes => bytes) }),
    ]
    await attack("alice", round => {
      const cut = cuts[round % cuts.length] as (typeof cuts)[number]
      return cut(given("alice"), given("alice", phone))
    })
  })

  test("another person's data, and that of the same person in another app", async () => {
    await tokenOf("mallory")
    await attack("mallory", round => (round % 2 === 0 ? given("alice") : given("mallory", undefined, other)))
  })

  test("another app's watermark under the right key, and one that is too old or of tomorrow", async () => {
    const openid = openidOf("alice")
    await attack("alice", round => {
      const seconds = Math.floor(simulator.simulator.clock.now() / 1000)
      const marks = [
        { appid: other, timestamp: seconds },
        { appid: own, timestamp: seconds - 86_400 },
        { appid: own, timestamp: seconds + 86_400 },
      ]
      const key = Buffer.from(keys.get(openid) ?? "", "base64")
      return sealed({ openGId: "tGDkT1k", watermark: marks[round % marks.length] }, key)
    })
  })

  test("data made under keys that somebody guesses", async () => {
    await attack("alice", () => {
      const watermark = { appid: own, timestamp: Math.floor(simulator.simulator.clock.now() / 1000) }
      return sealed({ ...phone, watermark }, randomBytes(16))
    })
  })
})

describe("the padding oracle", () => {
  const key = randomBytes(16)
  const wanted = JSON.stringify({ phoneNumber: "13800138000", watermark: { appid: "wxsim0000000000001" } })

  test("forges any text where an answer tells bad padding from other faults, as tutorials write it", async () => {
    let questions = 0
    const forged = await forgeByPadding(wanted, async ({ encrypted_data, iv }) => {
      questions += 1
      return opened(encrypted_data, iv, key) !== undefined
    })
    expect(opened(forged.encrypted_data, forged.iv, key)).toBe(wanted)
    expect(questions).toBeGreaterThan(tries)
  })

  test("learns nothing here, and is stopped after 20 questions", async () => {
    simulator.simulator.clock.advance(hour)
    const token = await tokenOf("alice")
    let asked = 0
    const forging = forgeByPadding(wanted, async forgery => {
      const answer = await ask("/me/open-data", forgery, token)
      if (answer.status === 429) throw new Error("stopped")
      asked += 1
      seen.add(visible(answer))
      return seen.size > 1
    })
    await expect(forging).rejects.toThrow("stopped")
    expect([asked, seen.size]).toEqual([tries, 1])
  })

  function opened(data: string, iv: string, under: Buffer): string | undefined {
    const decipher = createDecipheriv("aes-128-cbc", under, Buffer.from(iv, "base64"))
    try {
      return decipher.update(data, "base64", "utf8") + decipher.final("utf8")
    } catch {
      return undefined
    }
  }
})

test("no answer and no log has told a session_key", () => {
  const said = [...seen, ...logged].join("\n")
  expect(keys.size).toBeGreaterThan(0)
  for (const key of keys.values()) expect(said).not.toContain(key)
})

function openidOf(user: string): string {
  return simulator.simulator.state().users.find(({ name }) => name === user)?.openids[own] ?? ""
}

/** Data as WeChat would make it under this key. */
function sealed(data: object, key: Buffer): Forgery {
  const iv = randomBytes(16)
  const cipher = createCipheriv("aes-128-cbc", key, iv)
  const encrypted_data = cipher.update(JSON.stringify(data), "utf8", "base64") + cipher.final("base64")
  return { encrypted_data, iv: iv.toString("base64") }
}

/** The blocks of one, then some of the other. */
function spliced(one: Forgery, two: Forgery, part: (bytes: Buffer) => Buffer): string {
  const ends = part(Buffer.from(two.encrypted_data, "base64"))
  return changed(one.encrypted_data, bytes => Buffer.concat([bytes, ends]))
}
