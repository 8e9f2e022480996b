import type { IncomingMessage, ServerResponse } from "node:http"
import { createCompiler } from "../compile/compile-project.ts"
import { createFileAnswers } from "./file-answers.ts"
import { createPageEvents } from "./page-events.ts"
import { phonePage } from "./phone-page.ts"
import { ownHeaders, readBody, sendJson, sendText } from "./plain-http.ts"
import { forward, RelayRefusal } from "./relay.ts"
import { isFromHere, targetOf } from "./request-target.ts"
import { relaySocket } from "./socket-relay.ts"
import { phoneScript } from "./stage-runtime.ts"
import type { PhoneBackend, RelayRequest, StageServer, StageServerOptions } from "./stage-server.ts"
import { watchFolder } from "./watch-folder.ts"

/** The longest body of a relayed request, in bytes: WeChat takes no larger upload either. */
const relayLimit = 20 * 1024 * 1024
const backendLimit = 1024 * 1024

/** Serves a mini program as a page. @throws Error if there is no app.json */
export function createStageServer(options: StageServerOptions): StageServer {
  const { root, base = "", conditions, backend, owner = () => "", origins = [], route = url => url } = options
  const relay = options.relay ?? ((_, send) => send())
  const compiler = createCompiler(root, conditions === undefined ? {} : { conditions })
  const events = createPageEvents()
  const files = createFileAnswers(compiler.file)
  const watcher = options.watch === false ? undefined : watchFolder(root, () => events.send("reload"))
  let script: Promise<string> | undefined

  const routes: Readonly<
    Record<string, (req: IncomingMessage, res: ServerResponse) => Promise<void> | void>
  > = {
    "GET /": (_, res) => sendText(res, 200, "text/html", phonePage),
    async "GET /phone.js"(_, res) {
      script ??= phoneScript()
      sendText(res, 200, "text/javascript", await script)
    },
    async "GET /setting.json"(_, res) {
      sendJson(res, 200, { program: await compiler.compile(), owner: owner() })
    },
    "GET /events": (_, res) => events.add(res),
    "POST /relay": answerRelay,
    "POST /backend/code": answerBackend(() => backend.issueCode()),
    "POST /backend/phone-code": answerBackend(() => backend.issuePhoneCode()),
    "POST /backend/phone-quota": answerBackend(() => backend.hasPhoneQuota?.() ?? true),
    "POST /backend/check-session": answerBackend(() => backend.checkSession()),
    "POST /backend/user-data": answerBackend(({ profile }) => backend.encryptData(profile)),
  }

  async function answerRelay(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = relayRequest(req, await readBody(req, relayLimit), route)
    if (request === undefined) return sendText(res, 400, "text/plain", "the relay was not told what to send")
    // A page that aborts, or is closed, waits for nothing more.
    const gone = new AbortController()
    res.once("close", () => gone.abort())
    try {
      const reply = await relay(request, () => forward(request, origins, gone.signal))
      res.writeHead(200, {
        ...ownHeaders,
        "content-type": "application/octet-stream",
        "content-length": reply.body.length,
        "x-relay-status": reply.status,
        "x-relay-headers": encodeURIComponent(JSON.stringify(reply.headers)),
        "x-relay-cookies": encodeURIComponent(JSON.stringify(reply.cookies ?? [])),
      })
      res.end(reply.body)
    } catch (error) {
      const reason = error instanceof RelayRefusal ? error.message : "the connection failed"
      sendText(res, 502, "text/plain", reason)
    }
  }

  return {
    async handle(req, res) {
      const pathname = targetOf(req)?.pathname
      if (pathname !== base && !pathname?.startsWith(`${base}/`)) return false
      if (!isFromHere(req)) {
        sendText(res, 403, "text/plain", "asked by another site")
        return true
      }
      if (pathname === base && base !== "") {
        res.writeHead(308, { location: `${base}/` }).end()
        return true
      }
      const path = pathname.slice(base.length)
      const method = req.method === "HEAD" ? "GET" : (req.method ?? "GET")
      try {
        if (method === "GET" && path.startsWith("/file/"))
          await files.answer(path.slice("/file/".length), res)
        else {
          const answer = routes[`${method} ${path}`]
          if (answer === undefined) return false
          await answer(req, res)
        }
      } catch (error) {
        if (!res.headersSent)
          sendText(res, 500, "text/plain", error instanceof Error ? error.message : String(error))
        else res.destroy()
      }
      return true
    },
    upgrade(req, socket, head) {
      if (targetOf(req)?.pathname !== `${base}/socket` || !isFromHere(req)) return false
      relaySocket(req, socket, head, origins)
      return true
    },
    program: () => compiler.compile(),
    reload: () => events.send("reload"),
    async close() {
      watcher?.close()
      events.close()
    },
  }
}

type Question = { readonly profile?: object }

function answerBackend(ask: (question: Question) => ReturnType<Required<PhoneBackend>[keyof PhoneBackend]>) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const text = new TextDecoder().decode(await readBody(req, backendLimit))
    try {
      sendJson(res, 200, await ask(JSON.parse(text || "{}") as Question))
    } catch (error) {
      sendText(
        res,
        502,
        "text/plain",
        error instanceof Error ? error.message : "the simulated WeChat did not answer",
      )
    }
  }
}

function relayRequest(
  req: IncomingMessage,
  body: Uint8Array,
  route: (url: string) => string,
): RelayRequest | undefined {
  const { "x-relay-method": method, "x-relay-url": url, "x-relay-headers": headers } = req.headers
  if (typeof method !== "string" || typeof url !== "string" || typeof headers !== "string") return undefined
  if (!/^[A-Z]+$/.test(method) || !/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined
  try {
    const parsed = JSON.parse(decodeURIComponent(headers)) as Record<string, string>
    // A server sees on what the mini program runs: in the browser that asks here.
    const { "user-agent": agent } = req.headers
    return {
      method,
      url: route(url),
      headers: { ...(agent !== undefined && { "user-agent": agent }), ...parsed },
      body: body.length === 0 ? null : body,
    }
  } catch {
    return undefined
  }
}
