import type { IncomingMessage, ServerResponse } from "node:http"
import type { RelayReply, RelayRequest } from "@denglu/stage"
import type { Recording } from "./recording.ts"
import { unreachable } from "./relay-recorder.ts"
import { type RelayedReply, type RelayedRequest, readReply, readRequest } from "./relayed-request.ts"
import type { RowWatch } from "./row-changes.ts"
import { scanNews } from "./scan-words.ts"
import { siteWords } from "./site-words.ts"
import { recordChanges } from "./stored-changes.ts"
import { type ToldExchange, tellRequest } from "./told-exchange.ts"

export interface SiteParts {
  readonly recording: Recording
  readonly rows: RowWatch
  readonly loginUrl: () => string
}

/**
 * Where the computer's web page finds the login server: under its own address, as a site has it behind a reverse proxy. What goes
 * through is told.
 */
export interface Site {
  /** Whether the path is the login server's. */
  has(pathname: string): boolean
  serve(req: IncomingMessage, res: ServerResponse): Promise<void>
}

const prefix = "/site/"
const methods: ReadonlySet<string> = new Set(["GET", "POST", "PATCH", "DELETE"])
/** Bytes. */
const longestBody = 65_536
/** Longer than the server holds a question. */
const deadlineMs = 40_000
const ofConnection =
  /^(connection|keep-alive|transfer-encoding|content-length|content-encoding|host|set-cookie)$/
const leftByPage = {
  en: "The page went on to something else and did not wait for the answer.",
  zh: "页面已转到别处，没有等待响应。",
}

export function createSite({ recording, rows, loginUrl }: SiteParts): Site {
  /** What the page heard last to a question that it repeats. */
  let lastLook: number | undefined

  /** Whether a page asks this over and over: only news are told of that. */
  const isQuestion = ({ shown }: RelayedRequest) => shown.line === "GET /me" || shown.line === "GET /scan/…"

  function isNews(asked: RelayedRequest, known: string | null, { ok, json, status }: SentReply): boolean {
    if (asked.path !== "/me") return !ok || json.status !== known
    const before = lastLook
    lastLook = status
    return before !== status
  }

  async function relayQuestion(asked: RelayedRequest, url: URL, send: () => Promise<RelayReply>) {
    const startedAt = Date.now()
    const sent = await send()
    const reply = { ...readReply(recording, sent), status: sent.status }
    if (isNews(asked, url.searchParams.get("status"), reply)) {
      const title = scanNews[String(reply.json.status)]
      const { words } = asked
      const told = title === undefined ? words : { ...words, success: { title, note: null } }
      tellRequest(recording, "computer", { ...asked, words: told }, [], startedAt).reply(reply)
    }
    return sent
  }

  async function relayAct(asked: RelayedRequest, gone: AbortSignal, send: () => Promise<RelayReply>) {
    // The next look is worth telling again.
    lastLook = undefined
    const told = tellRequest(recording, "computer", asked, [])
    rows.begin()
    const sent = await send().catch((error: unknown) => {
      rows.end()
      told.lost(null, gone.aborted ? leftByPage : unreachable)
      throw error
    })
    tellReply(asked, told, readReply(recording, sent))
    return sent
  }

  function tellReply({ words }: RelayedRequest, told: ToldExchange, reply: RelayedReply): void {
    recordChanges(recording, "computer", rows.end(), reply.ok ? words.stored : undefined)
    told.reply(reply)
  }

  async function relay(request: RelayRequest, gone: AbortSignal): Promise<RelayReply> {
    const read = readRequest(recording, request, loginUrl())
    const asked = { ...read, words: siteWords(read.shown.line) }
    const send = () => forward(request, gone)
    return isQuestion(asked) ? relayQuestion(asked, new URL(request.url), send) : relayAct(asked, gone, send)
  }

  return {
    has: pathname => pathname.startsWith(prefix),
    async serve(req, res) {
      const { method = "", url = "" } = req
      if (!methods.has(method)) {
        res.writeHead(405, { allow: [...methods].join(", ") }).end()
        return
      }
      const body = await readBody(req)
      if (body === undefined) {
        res.writeHead(413, { connection: "close" }).end()
        return
      }
      const gone = new AbortController()
      res.once("close", () => gone.abort())
      const target = `${loginUrl().replace(/\/$/, "")}${url.slice(prefix.length - 1)}`
      const headers = Object.fromEntries(
        Object.entries(req.headers).flatMap(([name, value]) =>
          typeof value === "string" && !ofConnection.test(name) ? [[name, value]] : [],
        ),
      )
      const reply = await relay({ method, url: target, headers, body }, gone.signal).catch(() => undefined)
      // A page hears of a server that is away as it would anywhere: the connection ends.
      if (reply === undefined) res.destroy()
      else
        res
          .writeHead(reply.status, { ...reply.headers, "set-cookie": [...(reply.cookies ?? [])] })
          .end(reply.body)
    },
  }
}

interface SentReply extends RelayedReply {
  readonly status: number
}

/** `undefined` if it is too long. Empty is `null`. */
async function readBody(req: IncomingMessage): Promise<Uint8Array | null | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > longestBody) return undefined
    chunks.push(chunk)
  }
  return length === 0 ? null : Buffer.concat(chunks)
}

async function forward({ method, url, headers, body }: RelayRequest, gone: AbortSignal): Promise<RelayReply> {
  const response = await fetch(url, {
    method,
    headers,
    body: body === null ? null : Buffer.from(body),
    redirect: "manual",
    signal: AbortSignal.any([gone, AbortSignal.timeout(deadlineMs)]),
  })
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !ofConnection.test(name))),
    cookies: response.headers.getSetCookie(),
    body: new Uint8Array(await response.arrayBuffer()),
  }
}
