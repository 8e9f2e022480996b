import { readFile } from "node:fs/promises"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { extname } from "node:path"
import type { ControlName, ControlRequest, FeedEvent, Message, State } from "../src/protocol.ts"
import { fakePhone } from "./fake-phone.ts"
import type { Sketch } from "./fixture-parts.ts"
import { login, openData, order, refresh, refusedLogin, restarted } from "./fixture-scenes.ts"

/** A playground whose logins are a script: to draw the page by, and to test it. */
export interface Fixture {
  /** `http.Server`, not listening yet. */
  readonly server: Server
  /** What the phone does when its button is tapped; resolves once the last message is out. */
  act(action: string): Promise<void>
  /** Ends every feed, as a server that stops; the page comes back by itself. */
  dropFeeds(): void
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
}
const waiting: ReadonlySet<ControlName> = new Set([
  "code-used",
  "code-expired",
  "wechat-busy",
  "slow-network",
  "lost-response",
])
const user = "u_5xK0pYw2"

export interface FixtureOptions {
  /** By which the pauses between messages are multiplied; 0 sends them at once. Default is 1. */
  readonly pace?: number
  /** The folder of the built page. */
  readonly page: URL
}

export function createFixture({ pace = 1, page }: FixtureOptions): Fixture {
  const feeds = new Set<ServerResponse>()
  let messages: Message[] = []
  let latest = 0
  let exchange = 0
  let known = false
  let spoilt: "token_expired" | "session_revoked" | undefined
  let state: State = {
    people: [
      { name: "alice", title: { en: "Alice", zh: "小丽" } },
      { name: "bob", title: { en: "Bob", zh: "阿强" } },
      { name: "carol", title: { en: "Carol", zh: "小周" } },
    ],
    person: "alice",
    armed: [],
    server: "up",
    addresses: { login: "http://127.0.0.1:3000", simulator: "http://127.0.0.1:3001" },
  }

  const ahead = () => state.clockAhead ?? 0

  function tell(event: FeedEvent): void {
    for (const feed of feeds) feed.write(eventText(event))
  }
  function change(changes: Partial<State>): void {
    state = { ...state, ...changes }
    tell({ kind: "state", state })
  }
  async function play(sketches: readonly Sketch[]): Promise<void> {
    for (const { after, ...sketched } of sketches) {
      if (pace > 0) await new Promise(resolve => setTimeout(resolve, after * pace))
      if (sketched.kind === "request") exchange += 1
      latest += 1
      const message: Message = { ...sketched, id: latest, at: Date.now(), exchange }
      messages.push(message)
      tell({ kind: "message", message })
    }
  }
  function used(control: ControlName): boolean {
    if (!state.armed.includes(control)) return false
    change({ armed: state.armed.filter(each => each !== control) })
    return true
  }

  async function logIn(): Promise<void> {
    if (used("code-used")) await play(refusedLogin(40163, "code been used", "400 Bad Request", "code_used"))
    if (used("code-expired"))
      await play(refusedLogin(40029, "invalid code", "400 Bad Request", "code_invalid"))
    if (used("wechat-busy"))
      return play(refusedLogin(-1, "system error", "503 Service Unavailable", "wechat_busy"))
    if (used("lost-response")) await play(login(user, { lost: true, again: known, ahead: ahead() }))
    await play(login(user, { slow: used("slow-network") ? 3_000 : 0, again: known, ahead: ahead() }))
    known = true
  }
  async function ask(): Promise<void> {
    const why = spoilt
    spoilt = undefined
    if (why === undefined) return play(order("200 OK"))
    await play(order("401 Unauthorized", why))
    await play(refresh(user, ahead(), why === "session_revoked" ? why : undefined))
    if (why === "token_expired") await play(order("200 OK"))
  }
  async function act(action: string): Promise<void> {
    if (action === "login") await logIn()
    if (action === "orders") await ask()
    if (action === "open-data") await play(openData())
  }

  function control(request: ControlRequest): boolean {
    if (request.control === "person") {
      if (!state.people.some(({ name }) => name === request.person)) return false
      change({ person: request.person })
      tell({ kind: "phone" })
    } else if (request.control === "scan") {
      return false
    } else if (request.control === "clear") {
      messages = []
      tell({ kind: "cleared" })
    } else if (request.control === "restart-server") {
      change({ server: "restarting" })
      setTimeout(() => {
        change({ server: "up" })
        void play([restarted])
      }, 1_500 * pace)
    } else if (request.control === "token-expired") {
      spoilt = "token_expired"
      change({ clockAhead: (state.clockAhead ?? 0) + 31 * 60_000 })
    } else if (request.control === "log-out-elsewhere") {
      spoilt = "session_revoked"
    } else if (waiting.has(request.control) && !used(request.control)) {
      change({ armed: [...state.armed, request.control] })
    }
    return true
  }

  function openFeed(res: ServerResponse): void {
    res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
    res.write(eventText({ kind: "state", state }))
    for (const message of messages) res.write(eventText({ kind: "message", message }))
    feeds.add(res)
    res.on("close", () => feeds.delete(res))
  }
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = new URL(req.url ?? "/", "http://127.0.0.1").pathname
    if (path === "/playground/feed") return openFeed(res)
    if (path === "/playground/control") {
      const taken = control(JSON.parse(await bodyOf(req)) as ControlRequest)
      res.writeHead(taken ? 204 : 400, { "content-type": "application/json" })
      res.end(taken ? undefined : JSON.stringify({ error: "unknown person" }))
      return
    }
    if (path === "/phone/act") {
      res.writeHead(204).end()
      return act(await bodyOf(req))
    }
    if (path === "/phone/") {
      res.writeHead(200, { "content-type": "text/html; charset=utf-8" })
      res.end(fakePhone(state.people.find(({ name }) => name === state.person)?.title.zh ?? ""))
      return
    }
    await sendFile(page, path, res)
  }

  const server = createServer((req, res) => {
    answer(req, res).catch(() => res.destroy())
  })
  server.on("close", dropFeeds)
  function dropFeeds(): void {
    for (const feed of feeds) feed.destroy()
  }
  return { server, act, dropFeeds }
}

function eventText(event: FeedEvent): string {
  return `event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  let body = ""
  for await (const chunk of req) body += chunk
  return body
}

async function sendFile(page: URL, path: string, res: ServerResponse): Promise<void> {
  const name = path === "/" ? "index.html" : path.slice(1)
  const file = /^(?:assets\/)?[\w.-]+$/.test(name)
    ? await readFile(new URL(name, page)).catch(() => null)
    : null
  if (file === null) {
    res.writeHead(404).end()
    return
  }
  res.writeHead(200, { "content-type": types[extname(name)] ?? "application/octet-stream" }).end(file)
}
