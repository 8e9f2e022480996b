import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { createSimulator, type Simulator, startSimulator } from "@denglu/simulator"
import { createLogin, type Events, type Login, type LoginOptions, type PlatformOptions } from "denglu"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Store } from "../../src/store/store.ts"

export const platformAppid = "wxsimplatform00001"
/** An app of our own, and two that log in through the platform. */
export const own = "wxsim0000000000001"
export const shop = "wxsim0000000000002"
export const cafe = "wxsim0000000000003"

/** A login server, or several on one store, before a pretend WeChat with a third-party platform; all over HTTP, on one clock. */
export interface PlatformHarness {
  readonly simulator: Simulator
  readonly store: Store
  readonly logins: readonly Login[]
  readonly login: Login
  /** The first server's address. */
  readonly url: string
  /** Everything that was logged, as text. */
  readonly logged: string[]
  readonly events: { readonly name: string; readonly facts: Events["platform.authorized"] }[]
  /** `POST /login`, at one of the servers. */
  logIn(appid: string, user: string, at?: number): Promise<LoggedIn>
  /** Posts whatever is given. */
  post(path: string, body: string, at?: number): Promise<LoggedIn>
  /** How often WeChat was asked this. */
  asked(endpoint: string): number
  /** Gets a ticket there, and the shop's authorisation. */
  setUp(): Promise<void>
  advance(ms: number): void
  close(): Promise<void>
}

export interface LoggedIn {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any
}

export interface PlatformHarnessOptions {
  readonly platform?: Partial<PlatformOptions>
  readonly options?: Partial<LoginOptions>
  readonly rotateRefreshTokens?: boolean
  /** Servers. Default is 1. */
  readonly instances?: number
  /** The store of each instance; default is one in memory for all. */
  readonly openStore?: () => Promise<Store>
}

const secret = "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-platform"

export async function startPlatformHarness(given: PlatformHarnessOptions = {}): Promise<PlatformHarness> {
  const simulator = createSimulator({
    now: 1_800_000_000_000,
    apps: [{ appid: own }, { appid: shop }, { appid: cafe, openPlatform: "cafe" }],
  })
  const weChat = await startSimulator({ port: 0, simulator })
  const platform = simulator.addPlatform({
    appid: platformAppid,
    rotateRefreshTokens: given.rotateRefreshTokens ?? false,
  })
  const [ownApp] = simulator.state().apps
  const memory = createMemoryStore()
  const shared = { ...memory, close: async () => {} }
  const logged: string[] = []
  const events: PlatformHarness["events"] = []
  const note = (level: string) => (facts: object, message: string) => {
    logged.push(JSON.stringify({ level, message, ...facts }))
  }
  const logins: Login[] = []
  const servers: Server[] = []
  const stores: Store[] = []
  for (let instance = 0; instance < (given.instances ?? 1); instance += 1) {
    const store = (await given.openStore?.()) ?? shared
    stores.push(store)
    const login = await createLogin({
      apps: [{ appid: own, secret: ownApp?.secret ?? "" }],
      platforms: [
        {
          appid: platformAppid,
          secret: platform.secret,
          push: { token: platform.token, encodingAesKey: platform.encodingAesKey },
          ...given.platform,
        },
      ],
      store,
      secret,
      clock: simulator.clock.now,
      log: { info: note("info"), warn: note("warn"), error: note("error") },
      ...given.options,
      wechat: { simulator: weChat.url, timeoutMs: 1_000, ...given.options?.wechat },
    })
    for (const name of ["platform.authorized", "platform.unauthorized"] as const)
      login.on(name, facts => void events.push({ name, facts }))
    const server = createServer(login.node)
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    logins.push(login)
    servers.push(server)
  }
  const urls = servers.map(server => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const urlOf = (at: number) => urls[at % urls.length] as string
  const pushTo = (at: number) =>
    simulator.addPlatform({ appid: platformAppid, url: `${urlOf(at)}/wechat/platform/${platformAppid}` })
  pushTo(0)

  async function post(path: string, body: string, at = 0): Promise<LoggedIn> {
    const response = await fetch(`${urlOf(at)}${path}`, { method: "POST", body })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get("content-type") ?? "")
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    }
  }

  return {
    simulator,
    store: stores[0] as Store,
    logins,
    login: logins[0] as Login,
    url: urlOf(0),
    logged,
    events,
    post,
    logIn: (appid, user, at) =>
      post("/login", JSON.stringify({ code: simulator.issueCode({ appid, user }), appid }), at),
    asked: endpoint => simulator.calls.filter(call => call.endpoint === endpoint).length,
    async setUp() {
      await simulator.pushTicket()
      await simulator.authorize({ appid: shop }).pushed
    },
    advance: ms => simulator.clock.advance(ms),
    async close() {
      for (const login of logins) await login.close()
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
      await Promise.all(given.openStore === undefined ? [] : stores.map(store => store.close()))
      await weChat.close()
    },
  }
}
