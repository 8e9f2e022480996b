import type { SmsMessage } from "denglu"
import { afterEach, expect, test } from "vitest"
import { passwordTries } from "../../src/limits/most.ts"
import { alice, codeOf, type PasswordHarness, passwordHarness } from "../support/password-harness.ts"

let harness: PasswordHarness
let sent: SmsMessage[]
afterEach(() => harness.close())

const number = "13800138000"
const mine = "https://www.example.com"
const bodies = {
  "/sms": { phone: number, purpose: "login" },
  "/login/sms": { sms_id: "x", code: "123456" },
  "/login/password": { ...alice, password: "three black horses" },
  "/register": { account: "mallory", password: "four white horses" },
  "/password/reset": { code: "x", password: "four white horses" },
}

async function start() {
  sent = []
  const sms = { send: async (message: SmsMessage) => void sent.push(message) }
  harness = await passwordHarness({ sms, allowedOrigins: [mine], limits: false })
  await harness.register()
}

const post = (path: keyof typeof bodies, headers: Record<string, string>) =>
  harness.send("POST", path, { body: bodies[path], headers })

const origin = "https://evil.example"
/** As they may be sent by any page to any host, without asking it first. */
const foreign = [
  { origin, "sec-fetch-site": "cross-site", "content-type": "text/plain" },
  { origin, "sec-fetch-site": "same-site", "content-type": "text/plain" },
  { origin, "content-type": "text/plain" },
  { origin: "null", "sec-fetch-site": "cross-site", "content-type": "text/plain" },
]

test("pages of other sites neither send messages, nor guess, nor use up anybody's tries", async () => {
  await start()
  for (const headers of foreign)
    for (const path of Object.keys(bodies) as (keyof typeof bodies)[])
      expect([path, ...codeOf(await post(path, headers))]).toEqual([path, 403, "origin_refused"])
  expect(sent).toEqual([])
  for (let index = 0; index < passwordTries.accountAtAddress; index += 1)
    await post("/login/password", foreign[0] ?? {})
  expect((await harness.logInWith()).status).toBe(200)
})

test.each<[string, Record<string, string>]>([
  ["curl", {}],
  ["a page of this host", { "sec-fetch-site": "same-origin", origin: "http://login.test" }],
  ["a page of one that is allowed", { "sec-fetch-site": "cross-site", origin: mine }],
  [
    "a mini program in WeChat for Windows",
    {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "cors",
      referer: "https://servicewechat.com/wx0123456789abcdef/5/page-frame.html",
    },
  ],
])("%s is answered", async (_, headers) => {
  await start()
  expect((await post("/sms", headers)).status).toBe(200)
  expect(codeOf(await post("/login/sms", headers))).toEqual([400, "sms_code_invalid"])
  expect(codeOf(await post("/login/password", headers))).toEqual([400, "credentials_invalid"])
  expect((await post("/register", headers)).status).toBe(200)
  expect(codeOf(await post("/password/reset", headers))).toEqual([400, "code_invalid"])
})
