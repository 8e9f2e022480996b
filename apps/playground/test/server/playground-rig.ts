import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { createSimulator, type Simulator } from "@denglu/simulator"
import { createStageServer, type RelayReply, type StageServer, type StageServerOptions } from "@denglu/stage"
import { afterEach } from "vitest"
import type { ControlRequest, FeedEvent, Message, State } from "../../src/protocol.ts"
import { createPlayground } from "../../src/server/index.ts"
import { type FeedReader, readFeed } from "./feed-reader.ts"
import { type LoginServer, listen, startLoginServer } from "./login-server.ts"
import { answerWeChat } from "./wechat-server.ts"

/** A playground mounted into a pretend WeChat, with a real login server and a phone that the test holds. */
export interface Rig {
  readonly url: string
  readonly server: LoginServer
  readonly simulator: Simulator
  readonly appSecret: string
  /** How long (ms) the slow network made the phone wait, one after the other. */
  readonly waits: readonly number[]
  readonly stage: StageServerOptions
  /** Every session_key that WeChat gave the login server. */
  sessionKeys(): readonly string[]
  feed(lastEventId?: string): Promise<FeedReader>
  /** Presses a control; fails unless it is done. */
  control(request: ControlRequest): Promise<void>
  /** A request to the mounting server, its path as it is. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<PlainAnswer>
  /** Asks for a socket. The status, or `undefined` if the connection was cut. */
  upgrade(path: string, origin: string): Promise<number | undefined>
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** Sends as the mini program does. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
  /** `wx.login()`, then `POST /login`. */
  logIn(): Promise<Answer>
  /** All messages that the feed has. */
  messages(): Promise<readonly Message[]>
  state(): Promise<State>
  closePlayground(): Promise<void>
  close(): Promise<void>
}

export interface PlainAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface SendOptions {
  readonly body?: unknown
  readonly token?: string
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any
}

const opened: Rig[] = []
afterEach(async () => {
  for (const rig of opened.splice(0)) await rig.close()
})

/** @param realStage whether the stage is the real one, with the example; otherwise the phone is only in the test's hands */
export async function openRig({ realStage = false } = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "playground-"))
  const simulator = createSimulator()
  const app = simulator.state().apps[0]
  if (app === undefined) throw new Error("the simulator has no app")
  const page = writePage(join(folder, "page"))
  const waits: number[] = []
  const stages: StageServerOptions[] = []
  const readers: FeedReader[] = []
  const keys = new Set<string>()

  const wechat = await listen(
    (req, res) => {
      answerWeChat(simulator, playground, req, res, keys).catch(() => res.destroy())
    },
    (req, socket, head) => playground.upgrade(req, socket, head),
  )
  const server = await startLoginServer({
    apps: [{ appid: app.appid, secret: app.secret }],
    store: `sqlite:${join(folder, "login.db")}`,
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-playground",
    wechat: { simulator: wechat.url },
    browserSessions: true,
    scan: { siteName: "the shop" },
  })
  const playground = createPlayground({
    simulator,
    appid: app.appid,
    loginUrl: () => server.url,
    database: join(folder, "login.db"),
    restart: server.restart,
    advanceServerClock: server.advance,
    createStageServer(options) {
      stages.push(options)
      return realStage ? createStageServer({ ...options, watch: false }) : emptyStage
    },
    page,
    wait: async ms => waits.push(ms),
  })
  const stage = stages[0] as StageServerOptions

  async function send(method: string, path: string, { body, token }: SendOptions = {}): Promise<Answer> {
    const url = `${server.url}${path}`
    const headers = {
      "accept-language": "en",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const sent = body === undefined ? null : Buffer.from(JSON.stringify(body))
    const reply = await stage.relay?.({ method, url, headers, body: sent }, async () => {
      const response = await fetch(url, { method, headers, body: sent })
      return readResponse(response)
    })
    const answered = Buffer.from(reply?.body ?? []).toString()
    return { status: reply?.status ?? 0, body: answered === "" ? undefined : JSON.parse(answered) }
  }

  async function feed(lastEventId?: string): Promise<FeedReader> {
    const reader = await readFeed(`${wechat.url}/playground/feed`, lastEventId)
    readers.push(reader)
    return reader
  }

  const post = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${wechat.url}/playground/control`, { method: "POST", body, headers })

  async function control(request: ControlRequest): Promise<void> {
    const response = await post(JSON.stringify(request))
    if (response.status !== 204) throw new Error(`${response.status}: ${await response.text()}`)
  }

  /** What a page that comes now is told. Two changes of the state, the second undoing the first, mark its end. */
  async function replay(): Promise<readonly FeedEvent[]> {
    const reader = await feed()
    await control({ control: "slow-network" })
    await control({ control: "slow-network" })
    const events = await reader.until(seen => seen.filter(({ kind }) => kind === "state").length === 3)
    reader.close()
    return events
  }

  const rig: Rig = {
    url: wechat.url,
    server,
    simulator,
    appSecret: app.secret,
    waits,
    stage,
    sessionKeys: () => [...keys],
    feed,
    control,
    post,
    upgrade: (path, origin) => upgrade(wechat.url, path, origin),
    get: (path, headers = {}) => get(wechat.url, path, headers),
    send,
    logIn: async () => send("POST", "/login", { body: { code: await stage.backend.issueCode() } }),
    messages: async () =>
      (await replay()).flatMap(event => (event.kind === "message" ? [event.message] : [])),
    async state() {
      const [first] = await replay()
      if (first?.kind !== "state") throw new Error("the feed does not begin with the state")
      return first.state
    },
    closePlayground: () => playground.close(),
    async close() {
      for (const reader of readers) reader.close()
      await playground.close()
      await server.close()
      await wechat.close()
      rmSync(folder, { recursive: true })
    },
  }
  opened.push(rig)
  return rig
}

const emptyStage: StageServer = {
  async handle(_req, res) {
    res.end("the phone")
    return true
  },
  upgrade(_req, socket) {
    socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
    return true
  },
  program: () => Promise.reject(new Error("nothing is compiled here")),
  reload() {},
  async close() {},
}

async function readResponse(response: Response): Promise<RelayReply> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  }
}

/** Not by `fetch`, which mends paths and hosts. */
async function get(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<PlainAnswer> {
  const { hostname, port } = new URL(url)
  const sent = request({ hostname, port, path, headers }).end()
  const [response] = (await once(sent, "response")) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}

function upgrade(url: string, path: string, origin: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url)
  const headers = { connection: "upgrade", upgrade: "websocket", origin }
  return new Promise(resolve => {
    request({ hostname, port, path, headers })
      .once("upgrade", ({ statusCode }, socket) => {
        socket.destroy()
        resolve(statusCode)
      })
      .once("error", () => resolve(undefined))
      .end()
  })
}

function writePage(folder: string): string {
  mkdirSync(join(folder, "assets"), { recursive: true })
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>the page</title>")
  writeFileSync(join(folder, "assets", "index-B1x9_abc.js"), "export {}")
  return folder
}
