import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { createSimulator, faultKinds } from "@denglu/simulator"
import { createLogin } from "denglu"
import { afterAll, expect, test } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "denglu-leaks-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The forms in which a secret may hide. */
function disguises(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret)
  const forms = [
    secret,
    encodeURIComponent(secret),
    bytes.toString("hex"),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("/", "\\/"),
  ]
  // Base64 of a text that stands somewhere inside another: three ways to begin, the uncertain ends cut off.
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift, "x"), bytes])
      .toString("base64")
      .replace(/=+$/, "")
    const inner = encoded.slice(shift === 0 ? 0 : 4, -2)
    forms.push(inner, inner.replaceAll("+", "-").replaceAll("/", "_"))
  }
  if (/^[A-Za-z0-9+/]{22}==$/.test(secret)) forms.push(Buffer.from(secret, "base64").toString("latin1"))
  return [...new Set(forms)].map(form => Buffer.from(form, form.length === 16 ? "latin1" : "utf8"))
}

test("planted secrets are found in no log, no error, no event, no database file and no reply that isn't theirs", async () => {
  const simulator = createSimulator()
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const ownSecret = "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-leaks"
  const planted = new Map<string, string>([
    ["AppSecret", app.secret],
    ["DENGLU_SECRET", ownSecret],
  ])
  const sinks = new Map<string, Buffer[]>()
  const keep = (sink: string, text: string) =>
    sinks.set(sink, [...(sinks.get(sink) ?? []), Buffer.from(text)])
  const note = (facts: object, message: string) =>
    keep("log", `${message} ${JSON.stringify(facts)} ${inspect(facts, { depth: 9, showHidden: true })}`)
  let digits = ""
  const login = await createLogin({
    apps: [{ appid: app.appid, secret: app.secret }],
    store: `sqlite:${join(folder, "login.db")}`,
    secret: ownSecret,
    limits: false,
    passwords: { registration: true, argon2: { memory: 1_024, passes: 1 } },
    sms: {
      async send({ code, phone }) {
        digits = code
        if (phone.endsWith("9")) throw new Error(`${digits} can't be sent to ${phone}`)
      },
    },
    log: { info: note, warn: note, error: note },
    wechat: {
      simulator: "http://127.0.0.1:3001",
      timeoutMs: 400,
      fetch: async request => {
        const response = await simulator.fetch(request)
        const sessionKey = /"session_key":"((?:[^"\\]|\\.)*)"/.exec(await response.clone().text())?.[1]
        if (sessionKey !== undefined)
          planted.set(`session_key ${planted.size}`, sessionKey.replaceAll("\\/", "/"))
        return response
      },
    },
  })
  for (const name of [
    "code.received",
    "wechat.answered",
    "user.created",
    "user.updated",
    "phone.bound",
    "phone.unbound",
    "phone.refused",
    "password.set",
    "password.removed",
    "sms.sent",
    "sms.failed",
    "session.issued",
    "session.refreshed",
    "refresh.replayed",
    "refresh.reuse_detected",
    "session.revoked",
    "signing_keys.rotated",
    "login.failed",
  ] as const)
    login.on(name, event => keep("event", inspect(event, { depth: 9 })))

  /** Sends a request; what it answers must hold no secret but the tokens it is there to hand out. */
  const send = async (method: string, path: string, body?: unknown, token?: string) => {
    const response = await login.fetch(
      new Request(`http://login.test${path}`, {
        method,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const reply = text === "" ? {} : JSON.parse(text)
    const handedOut = [reply.access_token, reply.refresh_token, reply.sms_id].filter(
      value => typeof value === "string",
    )
    keep(
      "reply",
      handedOut.reduce((rest: string, value: string) => rest.replace(value, ""), text) +
        JSON.stringify([...response.headers]),
    )
    for (const value of handedOut) planted.set(`token ${planted.size}`, value)
    return reply
  }
  const code = (person: string) => {
    const value = simulator.issueCode({ appid: app.appid, user: person })
    planted.set(`code ${planted.size}`, value)
    return value
  }

  const phoneCode = (person: string) => {
    const value = simulator.issuePhoneCode({ appid: app.appid, user: person })
    planted.set(`phone code ${planted.size}`, value)
    return value
  }

  const used = code("alice")
  const alice = await send("POST", "/login", { code: used })
  await send("POST", "/login", { code: used })
  await send("POST", "/login", { code: `${code("bob")}x` })
  await send("GET", "/me", undefined, alice.access_token)
  await send("GET", "/me", undefined, `${alice.access_token}x`)
  const next = await send("POST", "/refresh", { refresh_token: alice.refresh_token })
  await send("POST", "/refresh", { refresh_token: alice.refresh_token })
  await send("PATCH", "/me", { nickname: "a" }, next.access_token)
  await send("GET", "/me/sessions", undefined, next.access_token)
  const { encryptedData, iv, rawData, signature } = simulator.encryptData({ user: "alice" })
  for (const data of [
    { encrypted_data: encryptedData, iv },
    { encrypted_data: encryptedData, iv: "AAAA" },
    { raw_data: rawData, signature },
    { raw_data: rawData, signature: "0" },
  ])
    await send("POST", "/me/open-data", data, next.access_token)
  for (const sent of [phoneCode("alice"), `${phoneCode("bob")}0`, code("alice"), phoneCode("bob")])
    await send("POST", "/me/phone", { code: sent }, next.access_token)
  await send("POST", "/login", { code: phoneCode("alice") })
  for (const kind of faultKinds) {
    simulator.faults.add({ kind, endpoint: "getuserphonenumber", times: 1 })
    await send("POST", "/me/phone", { code: phoneCode("alice") }, next.access_token)
    simulator.faults.clear()
  }
  for (const phone of ["+8613700137001", "+8613700137009"]) {
    const { sms_id } = await send("POST", "/sms", { phone, purpose: "login" })
    if (sms_id === undefined) continue
    await send("POST", "/login/sms", { sms_id, code: digits === "000000" ? "111111" : "000000" })
    await send("POST", "/login/sms", { sms_id, code: digits })
    await send("POST", "/login/sms", { sms_id, code: digits })
  }
  const [secret, another] = ["three white horses", "four white horses"]
  planted.set("password", secret)
  planted.set("another password", another)
  const registered = await send("POST", "/register", { account: "leaky", password: secret })
  await send("POST", "/register", { account: "leaky", password: another })
  for (const password of [secret, another])
    await send("POST", "/login/password", { account: "leaky", password })
  const chosen = { password: another, current_password: secret }
  for (let time = 0; time < 2; time += 1) await send("POST", "/me/password", chosen, registered.access_token)
  await send("POST", "/password/reset", { code: code("carol"), password: secret })
  await login.sessionKeys.reset({ sessionId: next.session_id })
  await login.userKeys.list(next.session_id)
  await login.keys.rotate()
  const third = await send("POST", "/refresh", { refresh_token: next.refresh_token })
  await send("POST", "/refresh", { refresh_token: alice.refresh_token })
  await send("POST", "/logout", {}, third.access_token)
  for (const kind of faultKinds) {
    simulator.faults.add({ kind, endpoint: "jscode2session", times: 1 })
    await send("POST", "/login", { code: code("carol") })
    simulator.faults.clear()
  }
  await login.close()
  for (const file of readdirSync(folder))
    sinks.set(`database file ${file}`, [readFileSync(join(folder, file))])

  const found: string[] = []
  let searched = 0
  for (const [name, secret] of planted) {
    for (const form of disguises(secret)) {
      for (const [sink, texts] of sinks) {
        searched += 1
        if (texts.some(text => text.includes(form))) found.push(`${name} as ${form.length} bytes in ${sink}`)
      }
    }
  }
  console.log(`${planted.size} secrets, ${sinks.size} sinks, ${searched} searches`)
  expect(found).toEqual([])
  expect([...planted.keys()].some(name => name.startsWith("session_key"))).toBe(true)
  expect(sinks.get("database file login.db")?.[0]?.includes(Buffer.from(alice.user.id))).toBe(true)
})
