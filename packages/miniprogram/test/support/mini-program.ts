import { createLogin, type Login, type LoginOptions, type Platform } from "@denglu/miniprogram"
import { createSimulator, createWx, type Simulator, type Wx, type WxOptions } from "@denglu/simulator"
import { createLogin as createServer, type Login as Server, type LoginOptions as ServerOptions } from "denglu"
import { vi } from "vitest"
import { baseUrl } from "./start.ts"

/** One request that left the mini program. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly token: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any
  /** The status the server answered, whether or not the answer arrived. */
  status: number | undefined
}

/**
 * What the network does with a request: `"lose"` loses the answer after the server has acted, `"cut"` loses the request,
 * an answer takes the server's place.
 */
export type Network = (sent: Sent) => "lose" | "cut" | Response | undefined | Promise<undefined>

export interface MiniProgram {
  readonly login: Login
  readonly server: Server
  readonly wx: Wx
  /** WeChat, to which the person is known as `anna`. */
  readonly weChat: Simulator
  /** What left the mini program so far, in order. */
  readonly sent: readonly Sent[]
  /** How many codes WeChat gave so far. */
  codes(): number
  /** The requests to one path. */
  to(path: string): readonly Sent[]
  /** What becomes of requests from now on; nothing special without one. */
  network(rule?: Network): void
  /** Keeps the next request to this path on its way until it is let go. */
  hold(path: string): () => void
  /** Moves the clock of phone, server and WeChat. No timer runs by it. */
  advance(ms: number): void
  /**
   * How it settles. While neither server nor network has anything to do, the time moves.
   * @throws Error after 100 s of that time
   */
  settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>>
  /** Closes the mini program and starts it again, with what it had stored. */
  restart(options?: Partial<LoginOptions>): Login
  close(): Promise<void>
}

export interface MiniProgramSettings {
  readonly sdk?: Partial<LoginOptions>
  readonly server?: Partial<ServerOptions>
  readonly wx?: Partial<WxOptions>
}

const secret = "0d1c2b3a49586776-for-tests-of-the-mini-program"

/**
 * A mini program on one phone, over a simulated `wx`, a real login server and a simulated WeChat, all in this process and on
 * one clock. `GET /orders` is a page's own request, for which the server checks the token. Time is fake: call
 * `vi.useRealTimers()` afterwards.
 */
export async function startMiniProgram(settings: MiniProgramSettings = {}): Promise<MiniProgram> {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] })
  const simulator = createSimulator()
  const [app] = simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  vi.setSystemTime(simulator.clock.now())
  const server = await createServer({
    apps: [{ appid: app.appid, secret: app.secret }],
    store: "memory:",
    secret,
    clock: Date.now,
    log: { info() {}, warn() {}, error() {} },
    ...settings.server,
    wechat: { simulator: "http://127.0.0.1:3001", fetch: request => simulator.fetch(request) },
  })
  const sent: Sent[] = []
  let rule: Network = () => undefined
  let codes = 0
  let busy = 0

  async function answer(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== "/orders") return server.fetch(request)
    const authorization = request.headers.get("authorization") ?? undefined
    try {
      const { userId } = await server.authenticate(authorization)
      return Response.json({ orders: [], of: userId })
    } catch (error) {
      const { status, headers, body } = server.problem(error)
      return new Response(body as string, { status, headers: headers as Record<string, string> })
    }
  }

  async function fetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    busy += 1
    try {
      return await carry(url, init)
    } finally {
      busy -= 1
    }
  }

  async function carry(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(url, init)
    const text = await request.clone().text()
    const entry: Sent = {
      method: request.method,
      path: new URL(request.url).pathname,
      token: request.headers.get("authorization")?.replace("Bearer ", ""),
      body: text.startsWith("{") ? JSON.parse(text) : text,
      status: undefined,
    }
    sent.push(entry)
    const fate = await rule(entry)
    if (fate instanceof Response) {
      entry.status = fate.status
      return fate
    }
    if (fate === "cut") throw new TypeError("fetch failed")
    const response = await answer(request)
    entry.status = response.status
    if (fate === "lose") throw new TypeError("fetch failed")
    return response
  }

  const wx = createWx({
    issueCode() {
      codes += 1
      return simulator.issueCode({ appid: app.appid, user: "anna" })
    },
    appid: app.appid,
    userData: data =>
      simulator.encryptData({
        appid: app.appid,
        user: "anna",
        ...(data === undefined ? {} : { data }),
      }),
    fetch,
    ...settings.wx,
  })
  const start = (options?: Partial<LoginOptions>): Login =>
    createLogin({
      baseUrl,
      platform: wx as unknown as Platform,
      ...settings.sdk,
      ...options,
    } as LoginOptions)
  let login = start()

  return {
    get login() {
      return login
    },
    server,
    wx,
    weChat: simulator,
    sent,
    codes: () => codes,
    to: path => sent.filter(entry => entry.path === path),
    hold(path) {
      const before = rule
      let letGo = () => {}
      const gone = new Promise<undefined>(resolve => {
        letGo = () => resolve(undefined)
      })
      rule = entry => {
        if (entry.path !== path) return before(entry)
        rule = before
        return gone
      }
      return letGo
    },
    network(next = () => undefined) {
      rule = next
    },
    advance(ms) {
      vi.setSystemTime(Date.now() + ms)
      simulator.clock.advance(ms)
    },
    async settled(promise) {
      let results: PromiseSettledResult<Awaited<typeof promise>>[] = []
      void Promise.allSettled([promise]).then(all => {
        results = all
      })
      for (let waited = 0; waited < 1_000; ) {
        await new Promise(setImmediate)
        const [result] = results
        if (result !== undefined) return result
        if (busy > 0) continue
        await vi.advanceTimersByTimeAsync(100)
        waited += 1
      }
      throw new Error("it does not settle")
    },
    restart(options) {
      login = start(options)
      return login
    },
    close: () => server.close(),
  }
}
