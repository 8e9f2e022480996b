import type { IncomingMessage, ServerResponse } from "node:http"
import { join } from "node:path"
import type { Duplex } from "node:stream"
import { setTimeout } from "node:timers/promises"
import type { Simulator } from "@denglu/simulator"
import { createStageServer, type StageServer, type StageServerOptions } from "@denglu/stage"
import type { State, Text } from "../protocol.ts"
import { createArms } from "./arms.ts"
import { buildPage } from "./build-page.ts"
import { builtPage } from "./built-page.ts"
import { serveControl } from "./control-route.ts"
import { runControl } from "./controls.ts"
import { createFeed } from "./feed.ts"
import { createFieldReader } from "./fields.ts"
import { smsReceived, tellHappening } from "./happenings.ts"
import { createLoginRegister } from "./login-register.ts"
import { createMasker } from "./masker.ts"
import { openPage } from "./page.ts"
import { people } from "./people.ts"
import { createPhoneBackend } from "./phone-backend.ts"
import { createRelay } from "./relay-recorder.ts"
import { createRowWatch } from "./row-changes.ts"
import { isSameOrigin } from "./same-origin.ts"
import type { Standing } from "./scan-code.ts"
import { createSite } from "./site.ts"
import type { WeChatExchange } from "./wechat-exchange.ts"
import { createWeChatRecorder } from "./wechat-recorder.ts"

export interface PlaygroundOptions {
  readonly simulator: Simulator
  readonly appid: string
  /** Where the login server is: `http://127.0.0.1:3000`. */
  readonly loginUrl: () => string
  /** The login server's SQLite file. It is only read, and may not exist yet. */
  readonly database: string
  /** Stops the login server and starts it again. */
  restart(): Promise<void>
  /** Moves the login server's clock forward by so many milliseconds. */
  advanceServerClock(ms: number): void
  /** The mini program's folder. Default is the example. */
  readonly miniprogram?: string
  /** Serves the phone. Default is the stage of `@denglu/stage`. */
  readonly createStageServer?: (options: StageServerOptions) => StageServer
  /** A built page. Default is this project's own, built if it was not built from its sources as they are. */
  readonly page?: string
  /** Told what takes long. */
  readonly onProgress?: (text: Text) => void
  /** Waits so many milliseconds, for the slow network. Default is the machine's timer. */
  readonly wait?: (ms: number) => Promise<unknown>
}

/** A page on which a person watches a login, to be mounted into the pretend WeChat's server. */
export interface Playground {
  /** Answers a request of the page, the phone or the feed; `false` if it is none of them. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  /** Takes over a socket of the phone; `false` if it is not one. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** An SMS comes to the phone. */
  receiveSms(message: SentSms): void
  /** Is told each request that the login server made to the pretend WeChat. */
  observe(exchange: WeChatExchange): void
  close(): Promise<void>
}

/** What the login server had sent to a phone number. */
export interface SentSms {
  /** Without the country code: `13800138000`. */
  readonly nationalNumber: string
  readonly code: string
  /** Seconds for which the digits are good. */
  readonly expiresIn: number
}

const phoneBase = "/phone"
const project = join(import.meta.dirname, "..", "..")

export function createPlayground(options: PlaygroundOptions): Playground {
  const { simulator, appid, loginUrl } = options
  const standing: Standing = { person: people[0].name, server: "up", clockAhead: 0 }
  let address = "http://127.0.0.1:3001"
  const masker = createMasker()
  const arms = createArms(() => changed())
  const feed = createFeed(state)
  const recording = { feed, fields: createFieldReader(masker), masker }
  const logins = createLoginRegister()
  const person = () => standing.person
  const backend = createPhoneBackend({ recording, simulator, appid, person, arms })
  const relayParts = {
    recording,
    simulator,
    arms,
    logins,
    loginUrl,
    rows: createRowWatch(options.database, masker),
    wait: options.wait ?? setTimeout,
  }
  const stage = (options.createStageServer ?? createStageServer)({
    root: options.miniprogram ?? join(project, "..", "..", "examples", "miniprogram"),
    base: phoneBase,
    // The repository has nothing built.
    conditions: ["denglu-source"],
    backend,
    // The example's source says port 3000, as tutorials do.
    route: url => url.replace(/^http:\/\/(127\.0\.0\.1|localhost):3000(?=[/?#]|$)/, loginUrl()),
    owner: person,
    relay: createRelay(relayParts, "phone"),
  })
  const page = openPage(
    options.page === undefined
      ? builtPage({
          root: project,
          also: [join(project, "..", "..", "packages", "web", "src")],
          shelf: join(project, "dist", "page"),
          build: buildPage,
          onProgress: options.onProgress ?? (() => {}),
        })
      : Promise.resolve(options.page),
  )
  const site = createSite(relayParts)
  const controls = {
    simulator,
    appid,
    arms,
    feed,
    standing,
    changed,
    loginUrl,
    advanceServerClock: (ms: number) => options.advanceServerClock(ms),
    restart: () => options.restart(),
    relayOfSecond: createRelay(relayParts, "second"),
    relayOfStranger: createRelay(relayParts, "stranger"),
  }
  const observe = createWeChatRecorder(recording, logins)
  let received = 0
  learnSecrets()

  function state(): State {
    const { person, server, clockAhead } = standing
    return {
      people,
      person,
      server,
      clockAhead,
      armed: arms.list(),
      addresses: { login: loginUrl(), simulator: address },
    }
  }

  function changed(): void {
    feed.tell({ kind: "state", state: state() })
  }

  function learnSecrets(): void {
    const { apps, users } = simulator.state()
    for (const secret of [...apps.map(app => app.secret), ...users.map(user => user.phone)])
      masker.learn(secret)
  }

  return {
    async handle(req, res) {
      const pathname = pathOf(req)
      const isFeed = pathname === "/playground/feed"
      const isControl = pathname === "/playground/control"
      const isPhone = pathname === phoneBase || pathname.startsWith(`${phoneBase}/`)
      const isOurs = isFeed || isControl || isPhone || site.has(pathname) || page.has(pathname)
      if (!isOurs) return false
      if (!isSameOrigin(req)) {
        res.writeHead(403, { "content-type": "application/json; charset=utf-8" })
        res.end(JSON.stringify({ error: "only pages of this address may use it" }))
        return true
      }
      address = `http://${req.headers.host}`
      if (isPhone) return stage.handle(req, res)
      if (isFeed) feed.serve(req, res)
      else if (site.has(pathname)) await site.serve(req, res)
      else if (isControl) await serveControl(req, res, request => runControl(controls, request))
      else await page.serve(pathname, req, res)
      return true
    },
    upgrade(req, socket, head) {
      const pathname = pathOf(req)
      if (!pathname.startsWith(`${phoneBase}/`)) return false
      if (isSameOrigin(req)) return stage.upgrade(req, socket, head)
      socket.destroy()
      return true
    },
    observe,
    receiveSms({ nationalNumber, code, expiresIn }) {
      received += 1
      const to = `${nationalNumber.slice(0, 3)}****${nationalNumber.slice(-4)}`
      tellHappening(feed, smsReceived(to))
      feed.tell({ kind: "sms", sms: { id: received, to, code, minutes: Math.round(expiresIn / 60) } })
    },
    async close() {
      feed.close()
      await stage.close()
      await page.settled
    },
  }
}

/** Empty for what is no path. */
function pathOf({ url = "" }: IncomingMessage): string {
  const address = `http://127.0.0.1${url}`
  return url.startsWith("/") && URL.canParse(address) ? new URL(address).pathname : ""
}
