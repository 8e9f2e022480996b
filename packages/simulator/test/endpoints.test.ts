import { createHash, createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { createSimulator, type Simulator } from "../src/index.ts"

const host = "http://127.0.0.1:3001"
const rid = "rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"
const now = 1_800_000_000_000

function start(options = {}) {
  const simulator = createSimulator({ now, ...options })
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("no app")
  const { appid, secret } = app
  const get = async (path: string, query: Record<string, string>) => {
    const response = await simulator.fetch(new Request(`${host}${path}?${new URLSearchParams(query)}`))
    return { response, text: await response.text() }
  }
  const exchange = async (query: Record<string, string>) => (await get("/sns/jscode2session", query)).text
  const login = (js_code: string, given: Record<string, string> = {}) =>
    exchange({ appid, secret, js_code, grant_type: "authorization_code", ...given })
  return { simulator, appid, secret, get, exchange, login }
}

async function post(simulator: Simulator, path: string, body: unknown) {
  const response = await simulator.fetch(
    new Request(`${host}${path}`, { method: "POST", body: JSON.stringify(body) }),
  )
  return {
    response,
    body: await response
      .clone()
      .json()
      .catch(() => undefined),
    bytes: await response.bytes(),
  }
}

/** A token of the stable family, and the caller's own parameters. */
async function stableToken({ simulator, appid, secret }: ReturnType<typeof start>, more = {}) {
  const { body } = await post(simulator, "/cgi-bin/stable_token", {
    grant_type: "client_credential",
    appid,
    secret,
    ...more,
  })
  return body as { access_token: string; expires_in: number; errcode?: number }
}

test("a code becomes session_key, openid and unionid, in this order, as text/plain without errcode", async () => {
  const { simulator, appid, secret, get } = start()
  const js_code = simulator.issueCode({ user: "alice" })
  expect(js_code).toMatch(/^0[0-9A-Za-z]{31}$/)
  const { response, text } = await get("/sns/jscode2session", {
    appid,
    secret,
    js_code,
    grant_type: "authorization_code",
  })
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain"])
  expect(Object.keys(JSON.parse(text))).toEqual(["session_key", "openid", "unionid"])
  const { session_key, openid, unionid } = JSON.parse(text)
  expect(Buffer.from(session_key, "base64")).toHaveLength(16)
  expect(openid).toMatch(/^o[A-Za-z0-9_-]{27}$/)
  expect(unionid).toMatch(/^o[A-Za-z0-9_-]{27}$/)
  expect(text).not.toMatch(/[^\\]\//)
})

test("an app that is not bound to an open platform gets no unionid", async () => {
  const { simulator, login } = start({ apps: [{ boundToOpenPlatform: false }] })
  expect(JSON.parse(await login(simulator.issueCode({ user: "alice" })))).not.toHaveProperty("unionid")
})

test("a person is the same at every login, another in another app, and one by unionid", async () => {
  const apps = [{ appid: "wxsim00000000000aa" }, { appid: "wxsim00000000000bb" }]
  const { simulator, login } = start({ apps })
  const secrets = simulator.state().apps.map(({ secret }) => secret)
  const of = async (index: number) => {
    const appid = apps[index]?.appid ?? ""
    const given = { appid, secret: secrets[index] ?? "" }
    return JSON.parse(await login(simulator.issueCode({ appid, user: "alice" }), given))
  }
  const [first, again, elsewhere] = [await of(0), await of(0), await of(1)]
  expect(again.openid).toBe(first.openid)
  expect(elsewhere.openid).not.toBe(first.openid)
  expect(elsewhere.unionid).toBe(first.unionid)
})

test("a code is good once, for five minutes, in its own app", async () => {
  const { simulator, login } = start({ apps: [{}, {}] })
  const used = simulator.issueCode({ user: "alice" })
  await login(used)
  expect(await login(used)).toMatch(new RegExp(`^{"errcode":40163,"errmsg":"code been used, ${rid}"}$`))
  const late = simulator.issueCode({ user: "alice" })
  simulator.clock.advance(300_000)
  expect(await login(late)).toMatch(new RegExp(`^{"errcode":40029,"errmsg":"invalid code, ${rid}"}$`))
  const inTime = simulator.issueCode({ user: "alice" })
  simulator.clock.advance(299_999)
  expect(JSON.parse(await login(inTime)).errcode).toBeUndefined()
  const [, other] = simulator.state().apps
  expect(await login(simulator.issueCode({ appid: other?.appid ?? "", user: "alice" }))).toContain("40029")
  expect(await login("nonsense")).toContain("40029")
})

test("the first group of a rid is the time in seconds, in hexadecimal", async () => {
  const { login } = start()
  const seconds = /rid: ([0-9a-f]{8})-/.exec(await login("x"))?.[1]
  expect(Number.parseInt(seconds ?? "", 16)).toBe(now / 1000)
})

test.each([
  ["no appid", { appid: "" }, 41002],
  ["an unknown appid, before everything else", { appid: "wx0", secret: "", js_code: "" }, 40013],
  ["no secret", { secret: "" }, 41004],
  ["a wrong secret, before the code", { secret: "0".repeat(32) }, 40125],
  ["another grant_type", { grant_type: "password" }, 40002],
])("%s is errcode %3$s", async (_name, given, errcode) => {
  const { simulator, login } = start()
  const code = simulator.issueCode({ user: "alice" })
  expect(JSON.parse(await login(code, given)).errcode).toBe(errcode)
  expect(JSON.parse(await login(code)).errcode).toBeUndefined()
})

test("no code at all is 41008, and parameters in a POST body are not read: 41002", async () => {
  const { simulator, appid, secret, exchange } = start()
  expect(await exchange({ appid, secret, grant_type: "authorization_code" })).toContain("41008")
  const { body } = await post(simulator, "/sns/jscode2session", { appid, secret, js_code: "x" })
  expect(body).toMatchObject({ errcode: 41002 })
})

test("the session_key stays over logins close together, and changes after a while or when told to", async () => {
  const { simulator, login } = start()
  const key = async () => JSON.parse(await login(simulator.issueCode({ user: "alice" }))).session_key
  const first = await key()
  expect(await key()).toBe(first)
  simulator.clock.advance(300_000)
  const second = await key()
  expect(second).not.toBe(first)
  simulator.rotateSessionKey({ user: "alice" })
  expect(await key()).not.toBe(second)
})

test("stable_token answers one token until its last five minutes, then a new one beside it", async () => {
  const at = start()
  const first = await stableToken(at)
  expect(first).toEqual({ access_token: expect.stringMatching(/^\d+_[\w-]+$/), expires_in: 7200 })
  at.simulator.clock.advance(1_000_000)
  expect(await stableToken(at)).toEqual({ access_token: first.access_token, expires_in: 6200 })
  at.simulator.clock.advance(5_900_000)
  const second = await stableToken(at)
  expect(second.access_token).not.toBe(first.access_token)
  const check = async (token: string) =>
    (await at.get("/wxa/checksession", { access_token: token, sig_method: "hmac_sha256" })).text
  expect(await check(first.access_token)).toContain("87009")
  at.simulator.clock.advance(300_001)
  expect(await check(first.access_token)).toContain("42001")
  expect(await check(second.access_token)).toContain("87009")
})

test("forced refreshes end the old token at once, no sooner than after 30 s, twenty a day", async () => {
  const at = start()
  const tokens = new Set<string>()
  for (let round = 0; round < 20; round += 1) {
    tokens.add((await stableToken(at, { force_refresh: true })).access_token)
    expect(tokens.has((await stableToken(at, { force_refresh: true })).access_token)).toBe(true)
    at.simulator.clock.advance(30_000)
  }
  expect(tokens.size).toBe(20)
  expect((await stableToken(at, { force_refresh: true })).errcode).toBe(45009)
})

test("the two families of tokens don't disturb each other", async () => {
  const at = start()
  const { appid, secret } = at
  const stable = await stableToken(at)
  const classic = JSON.parse(
    (await at.get("/cgi-bin/token", { grant_type: "client_credential", appid, secret })).text,
  )
  expect(classic.access_token).not.toBe(stable.access_token)
  expect((await stableToken(at)).access_token).toBe(stable.access_token)
})

test("a phone code is good once and only for its own person; a login code is none", async () => {
  const at = start()
  const { access_token } = await stableToken(at)
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  const ask = async (body: object): Promise<any> =>
    (await post(at.simulator, `/wxa/business/getuserphonenumber?access_token=${access_token}`, body)).body
  const code = at.simulator.issuePhoneCode({ user: "alice" })
  expect(code).toMatch(/^[0-9a-f]{64}$/)
  const { phone_info } = await ask({ code })
  expect(phone_info).toEqual({
    phoneNumber: expect.stringMatching(/^100\d{8}$/),
    purePhoneNumber: phone_info.phoneNumber,
    countryCode: "86",
    watermark: { timestamp: now / 1000, appid: at.appid },
  })
  const again = await ask({ code })
  expect(again.errmsg).toMatch(new RegExp(`^invalid code hint: \\[[\\w-]+\\] ${rid}$`))
  const stolen = { code: at.simulator.issuePhoneCode({ user: "alice" }), openid: "oSomebodyElse" }
  expect(await ask(stolen)).toMatchObject({ errcode: 40029 })
  expect(await ask({ code: at.simulator.issueCode({ user: "alice" }) })).toMatchObject({ errcode: 40029 })
})

test("phone data is known by its hash for three days, to its own app, and nothing else is", async () => {
  const at = start()
  const { access_token } = await stableToken(at)
  const ask = async (text: string) =>
    (
      await post(at.simulator, `/wxa/business/checkencryptedmsg?access_token=${access_token}`, {
        encrypted_msg_hash: createHash("sha256").update(text).digest("hex"),
      })
    ).body
  const data = { phoneNumber: "13800138000" }
  const { encryptedData } = at.simulator.encryptData({ user: "alice", data })
  expect(await ask(encryptedData)).toEqual({
    errcode: 0,
    errmsg: "ok",
    vaild: true,
    create_time: now / 1000,
  })
  const { appid } = at.simulator.addApp()
  const elsewhere = at.simulator.encryptData({ appid, user: "alice", data })
  const noPhone = at.simulator.encryptData({ user: "alice", data: { openGId: "g" } })
  for (const text of [elsewhere.encryptedData, noPhone.encryptedData, "x"])
    expect(await ask(text)).toMatchObject({ errcode: 1 })
  const path = `/wxa/business/checkencryptedmsg?access_token=${access_token}`
  expect((await post(at.simulator, path, { encrypted_msg_hash: "x" })).body).toMatchObject({ errcode: 40097 })
  at.simulator.clock.advance(3 * 86_400_000)
  const renewed = await stableToken(at)
  const later = await post(
    at.simulator,
    `/wxa/business/checkencryptedmsg?access_token=${renewed.access_token}`,
    {
      encrypted_msg_hash: createHash("sha256").update(encryptedData).digest("hex"),
    },
  )
  expect(later.body).toMatchObject({ errcode: 0 })
  at.simulator.clock.advance(1)
  const over = await post(
    at.simulator,
    `/wxa/business/checkencryptedmsg?access_token=${renewed.access_token}`,
    {
      encrypted_msg_hash: createHash("sha256").update(encryptedData).digest("hex"),
    },
  )
  expect(over.body).toMatchObject({ errcode: 1 })
})

test("a person who is spoken of again with another number has that one, at the same openid", async () => {
  const at = start()
  const { access_token } = await stableToken(at)
  const openid = () => Object.values(at.simulator.state().users[0]?.openids ?? {})[0]
  at.simulator.issuePhoneCode({ user: "alice" })
  const before = openid()
  at.simulator.addUser({ name: "alice", phone: "13800138000" })
  const code = at.simulator.issuePhoneCode({ user: "alice" })
  const { body } = await post(at.simulator, `/wxa/business/getuserphonenumber?access_token=${access_token}`, {
    code,
    openid: before,
  })
  expect(body.phone_info.purePhoneNumber).toBe("13800138000")
  expect(openid()).toBe(before)
})

test("a session_key is checked and reset by an HMAC under its text", async () => {
  const at = start()
  const { access_token } = await stableToken(at)
  const { session_key, openid } = JSON.parse(await at.login(at.simulator.issueCode({ user: "alice" })))
  const signature = createHmac("sha256", session_key).update("").digest("hex")
  const query = { access_token, openid, signature, sig_method: "hmac_sha256" }
  const ask = async (name: string, given = {}) =>
    JSON.parse((await at.get(`/wxa/${name}`, { ...query, ...given })).text)
  expect(await ask("checksession")).toEqual({ errcode: 0, errmsg: "ok" })
  expect(await ask("checksession", { signature: signature.toUpperCase() })).toMatchObject({ errcode: 0 })
  expect(await ask("checksession", { sig_method: "md5" })).toMatchObject({ errcode: 87008 })
  const overBytes = createHmac("sha256", Buffer.from(session_key, "base64")).update("").digest("hex")
  expect(await ask("checksession", { signature: overBytes })).toMatchObject({ errcode: 87009 })
  expect((await ask("business/getuserencryptkey")).key_info_list).toHaveLength(1)
  const reset = await ask("resetusersessionkey")
  expect(reset).toMatchObject({ errcode: 0, openid })
  expect(reset.session_key).not.toBe(session_key)
  expect(await ask("checksession")).toMatchObject({ errcode: 87009 })
})

test("tokens are read from the query only: none is 41001, a wrong one 40001", async () => {
  const { get } = start()
  expect((await get("/wxa/checksession", {})).text).toContain("41001")
  expect((await get("/wxa/checksession", { access_token: "x" })).text).toMatch(/40001.*not latest/)
})

test("a mini program code is a PNG; what can't be one is JSON", async () => {
  const at = start()
  const { access_token } = await stableToken(at)
  const ask = (body: object) =>
    post(at.simulator, `/wxa/getwxacodeunlimit?access_token=${access_token}`, body)
  const { response, bytes } = await ask({ scene: "a=1", width: 280 })
  expect(response.headers.get("content-type")).toBe("image/png")
  expect([...bytes.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  expect(Buffer.from(bytes).readUInt32BE(16)).toBe(280)
  expect((await ask({})).body).toMatchObject({ errcode: 40097 })
  expect((await ask({ scene: "x".repeat(33) })).body).toMatchObject({ errcode: 40169 })
  expect((await ask({ scene: "中" })).body).toMatchObject({ errcode: 40129 })
  expect((await ask({ scene: "a", page: "/pages/index" })).body).toMatchObject({ errcode: 41030 })
})

test("a phone that scans a code opens its page, and WeChat says how it came there", async () => {
  const at = start()
  const { access_token } = await stableToken(at)
  const draw = async (scene: string, page = "pages/scan/scan") =>
    (await post(at.simulator, `/wxa/getwxacodeunlimit?access_token=${access_token}`, { scene, page })).bytes
  const [first, second] = [await draw("a=1&b"), await draw("c")]
  const { appid } = at.simulator.state().apps[0] ?? {}
  const launch = { appid, path: "pages/scan/scan", query: { scene: "a%3D1%26b" } }
  expect(at.simulator.scanCode({ image: first })).toEqual({ ...launch, scene: 1047 })
  expect(
    (["picture", "album", "card", "group_card"] as const).map(
      by => at.simulator.scanCode({ image: first, by })?.scene,
    ),
  ).toEqual([1048, 1049, 1007, 1008])
  expect(at.simulator.scanCode()).toEqual(at.simulator.scanCode({ image: second }))
  expect(at.simulator.scanCode({ image: first.slice(1) })).toBeUndefined()
})

test("encrypted data opens with the person's key of that moment, and ends with the watermark", async () => {
  const { createDecipheriv } = await import("node:crypto")
  const at = start()
  const { session_key, openid, unionid } = JSON.parse(
    await at.login(at.simulator.issueCode({ user: "alice" })),
  )
  const open = ({ encryptedData, iv }: { encryptedData: string; iv: string }) => {
    const decipher = createDecipheriv(
      "aes-128-cbc",
      Buffer.from(session_key, "base64"),
      Buffer.from(iv, "base64"),
    )
    return JSON.parse(decipher.update(encryptedData, "base64", "utf8") + decipher.final("utf8"))
  }
  const profile = open(at.simulator.encryptData({ user: "alice" }))
  expect(profile).toMatchObject({ openId: openid, unionId: unionid, nickName: "微信用户" })
  expect(Object.entries(profile).at(-1)).toEqual(["watermark", { timestamp: now / 1000, appid: at.appid }])
  expect(open(at.simulator.encryptData({ user: "alice", data: { openGId: "tGID" } }))).toMatchObject({
    openGId: "tGID",
  })
})

test("a path that is not simulated says so", async () => {
  const { get } = start()
  const { response, text } = await get("/wxa/msg_sec_check", {})
  expect(response.status).toBe(404)
  expect(text).toContain("not simulated: /wxa/msg_sec_check")
})
