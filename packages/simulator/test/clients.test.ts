import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { need } from "../../../scripts/need.ts"
import { createSimulator, type Simulator, startSimulator } from "../src/index.ts"
import { decrypt, element, receive } from "./receiver.ts"

/**
 * Two clients that others wrote for the real WeChat, from npm, run against the simulator as they are: node-easywechat takes the address as a setting, nest-wechat
 * has it in its code, so its HTTP library is told to go elsewhere. They have a lockfile of their own.
 */
const folder = fileURLToPath(new URL("clients/", import.meta.url))
const installed =
  existsSync(`${folder}node_modules/node-easywechat`) && existsSync(`${folder}node_modules/nest-wechat`)
const what = "the npm packages in packages/simulator/test/clients"
const load = createRequire(`${folder}package.json`)

const shop = "wxsim0000000000001"
let started: Awaited<ReturnType<typeof startSimulator>>
let simulator: Simulator
let server: Awaited<ReturnType<typeof receive>>

beforeAll(async () => {
  simulator = createSimulator()
  started = await startSimulator({ port: 0, simulator })
  server = await receive()
  simulator.addPlatform({ url: server.url })
})
afterAll(async () => {
  await started.close()
  await server.close()
})

interface Answer {
  readonly openid: string
  readonly session_key: string
  readonly unionid: string
  readonly errcode: number
  readonly access_token: string
  readonly phone_info: { readonly purePhoneNumber: string; readonly watermark: { readonly appid: string } }
}

const secretOf = () => simulator.state().apps[0]?.secret ?? ""
const openidOf = (user: string) => simulator.state().users.find(({ name }) => name === user)?.openids[shop]
const loginCode = (user: string) => simulator.issueCode({ appid: shop, user })
const phoneCode = (user: string) => simulator.issuePhoneCode({ appid: shop, user })

/** The ticket that WeChat has pushed, and the code of an authorisation. */
async function authorize() {
  const [platform] = simulator.state().platforms
  if (platform === undefined) throw new Error("no platform")
  await simulator.pushTicket()
  const { message } = decrypt(
    server.received.at(-1) ?? { query: new URLSearchParams(), body: "" },
    platform.encodingAesKey,
  )
  const ticket = element(message, "ComponentVerifyTicket")
  const { authorizationCode } = simulator.authorize({ appid: shop, push: false })
  return { platform, ticket, authorizationCode }
}

interface Cache {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<boolean>
  has(key: string): Promise<boolean>
  delete(key: string): Promise<boolean>
}

function memoryCache(): Cache {
  const kept = new Map<string, unknown>()
  return {
    get: async key => kept.get(key) ?? null,
    set: async (key, value) => kept.set(key, value).size > 0,
    has: async key => kept.has(key),
    delete: async key => kept.delete(key),
  }
}

interface EasyApp {
  setCache(cache: Cache): void
  getAccessToken(): { getToken(): Promise<string> }
  getUtils(): {
    codeToSession(code: string): Promise<Answer>
    decryptSession(sessionKey: string, iv: string, data: string): Readonly<Record<string, unknown>>
  }
  getClient(): {
    postJson(path: string, body: object): Promise<{ toObject(): Answer }>
  }
}

interface EasyPlatform {
  getClient(): {
    get(path: string, given: object): Promise<{ toObject(): Answer }>
  }
  setCache(cache: Cache): void
  getVerifyTicket(): { setTicket(ticket: string): Promise<unknown> }
  createPreAuthorizationUrl(callback: string): Promise<string>
  getAuthorization(code: string): Promise<{
    getAppId(): string
    getRefreshToken(): string
  }>
  getMiniAppWithRefreshToken(appid: string, refreshToken: string): Promise<EasyApp>
}

interface EasyWeChat {
  readonly MiniApp: new (config: object) => EasyApp
  readonly OpenPlatform: new (config: object) => EasyPlatform
}

test("node-easywechat: a login, the app's token and a phone number", async context => {
  need(context, installed, what)
  const { MiniApp } = load("node-easywechat") as EasyWeChat
  for (const use_stable_access_token of [false, true]) {
    const app = new MiniApp({
      app_id: shop,
      secret: secretOf(),
      use_stable_access_token,
      http: { baseURL: started.url },
    })
    app.setCache(memoryCache())
    const person = await app.getUtils().codeToSession(loginCode("alice"))
    expect(person.openid).toBe(openidOf("alice"))
    expect(person.unionid).toMatch(/^o.{27}$/)
    expect(await app.getAccessToken().getToken()).toMatch(/^\d+_/)
    const phone = await app
      .getClient()
      .postJson("/wxa/business/getuserphonenumber", { code: phoneCode("alice") })
    expect(phone.toObject()).toMatchObject({ errcode: 0, phone_info: { watermark: { appid: shop } } })
    const { encryptedData, iv } = simulator.encryptData({ appid: shop, user: "alice" })
    const opened = app.getUtils().decryptSession(person.session_key, iv, encryptedData)
    expect(opened).toMatchObject({ openId: person.openid })
    await expect(app.getUtils().codeToSession("0no-code")).rejects.toThrow("40029")
  }
})

test("node-easywechat: a third-party platform, from its ticket to a tenant's phone number", async context => {
  need(context, installed, what)
  const { OpenPlatform } = load("node-easywechat") as EasyWeChat
  const { platform, ticket, authorizationCode } = await authorize()
  const client = new OpenPlatform({
    app_id: platform.appid,
    secret: platform.secret,
    token: platform.token,
    aes_key: platform.encodingAesKey,
    http: { baseURL: started.url },
  })
  client.setCache(memoryCache())
  await client.getVerifyTicket().setTicket(ticket)
  expect(await client.createPreAuthorizationUrl("https://example.com/")).toContain("preauthcode")
  const authorization = await client.getAuthorization(authorizationCode)
  expect(authorization.getAppId()).toBe(shop)
  const tenant = await client.getMiniAppWithRefreshToken(shop, authorization.getRefreshToken())
  const phone = await tenant
    .getClient()
    .postJson("/wxa/business/getuserphonenumber", { code: phoneCode("bob") })
  expect(phone.toObject()).toMatchObject({ errcode: 0, phone_info: { watermark: { appid: shop } } })
  const query = {
    appid: shop,
    js_code: loginCode("bob"),
    grant_type: "authorization_code",
    component_appid: platform.appid,
  }
  const person = await client.getClient().get("/sns/component/jscode2session", { params: query })
  expect(person.toObject().openid).toBe(openidOf("bob"))
})

interface NestWeChat {
  readonly MiniProgramService: new (
    options: object,
  ) => {
    getAccessToken(): Promise<{ readonly data: Answer }>
    code2Session(code: string): Promise<Answer>
    getPhoneNumber(code: string, token: string): Promise<{ readonly data: Answer }>
  }
}

interface Axios {
  readonly interceptors: {
    readonly request: { use(change: (config: { url?: string }) => object): void }
  }
}

test("nest-wechat: a login, the app's token and a phone number", async context => {
  need(context, installed, what)
  load("reflect-metadata")
  const axios = createRequire(load.resolve("nest-wechat"))("axios") as Axios
  axios.interceptors.request.use(config => ({
    ...config,
    url: config.url?.replace("https://api.weixin.qq.com", started.url),
  }))
  const { MiniProgramService } = load("nest-wechat") as NestWeChat
  const client = new MiniProgramService({ appId: shop, secret: secretOf() })
  expect((await client.code2Session(loginCode("carol"))).openid).toBe(openidOf("carol"))
  const { access_token: token } = (await client.getAccessToken()).data
  const phone = await client.getPhoneNumber(phoneCode("carol"), token)
  expect(phone.data).toMatchObject({ errcode: 0, phone_info: { watermark: { appid: shop } } })
  expect((await client.code2Session("0no-code")).errcode).toBe(40029)
})
