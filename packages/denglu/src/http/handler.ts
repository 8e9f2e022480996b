import { DengluError, type ErrorCode } from "../errors.ts"
import type { Guard } from "../guard.ts"
import type { AvatarUploads } from "../limits/avatar-uploads.ts"
import type { OpenLimiter } from "../limits/limiter.ts"
import { describeError } from "../log.ts"
import type { BindPhone } from "../login/bind-phone.ts"
import type { ExchangeCode } from "../login/exchange-code.ts"
import type { FlowContext } from "../login/flows.ts"
import type { LogIn } from "../login/log-in.ts"
import type { ReadOpenData } from "../login/open-data.ts"
import type { SendDigits } from "../login/sms/send-sms.ts"
import type { TokenReply } from "../protocol/log-in.ts"
import { newId } from "../random.ts"
import type { ExportData } from "../user/personal-data.ts"
import { readBody } from "./body.ts"
import { type BrowserSessions, endsBrowserSession } from "./browser-session.ts"
import { createClientAddress } from "./client-address.ts"
import { createCors } from "./cors.ts"
import type { LoadShedder } from "./load-shedder.ts"
import type { HttpRequest, RouteReply, TextStream } from "./message.ts"
import { InvalidRequestError, problemReply } from "./problem.ts"
import { createRateLimits } from "./rate-limits.ts"
import { asReply, type Call, type Reply, type Route } from "./route.ts"
import { createRouter } from "./router.ts"
import { routesOf } from "./routes.ts"

export interface HandlerContext {
  readonly flow: FlowContext
  readonly logIn: LogIn
  readonly exchangeCode: ExchangeCode
  readonly openData: ReadOpenData
  readonly exportData: ExportData
  readonly bindPhone: BindPhone
  readonly avatarUploads: AvatarUploads
  readonly sendSms: SendDigits
  readonly authenticate: Guard["authenticate"]
  readonly browserSessions: BrowserSessions
  readonly openLimiter: OpenLimiter
  readonly shedder: LoadShedder
  /** Whether new work is taken; `false` while the server drains. */
  readonly accepting: () => boolean
}

const noQuery = new URLSearchParams()
/** What the operator hears, by the code of the error. */
const worthTelling: Readonly<Partial<Record<ErrorCode, string>>> = {
  store_unavailable: "requests are answered 503",
  overloaded: "requests are answered 503",
  storage_unavailable: "avatars can't be kept or read, and are answered 503; see the option avatars",
  platform_not_ready: "logins through a third-party platform are answered 503: denglu doctor says more",
  sms_unsent: "an SMS could not be sent: POST /sms is answered 503",
  push_refused: "a message push was refused; if it is WeChat's, compare push with mp.weixin.qq.com",
}

/** How long (ms) nothing more is said of the same trouble. */
const tellEvery = 10_000

/** One for all: to make an error costs as much as all else that a refusal takes. */
const overloaded = new DengluError("overloaded", { retryAfter: 1 })

/** The routes as one function. It never rejects: whatever goes wrong becomes a problem document. */
export interface Handler {
  /** Whether a route answers this method at this path. `path` is without query and base path. */
  answers(method: string, path: string): boolean
  handle(request: HttpRequest): Promise<RouteReply>
}

export function createHandler({
  flow,
  logIn,
  exchangeCode,
  openData,
  exportData,
  bindPhone,
  avatarUploads,
  sendSms,
  authenticate,
  browserSessions,
  openLimiter,
  shedder,
  accepting,
}: HandlerContext): Handler {
  const { options, log, random } = flow
  const router = createRouter(routesOf(options))
  const clientAddress = createClientAddress(options.trustedProxies)
  const limitsFor = createRateLimits(options.limits, openLimiter)
  const cors = createCors(options.allowedOrigins, options.browserSessions)
  const toldAt = new Map<string, number>()
  let warnedOfProxy = options.trustedProxies.length > 0

  /** A reverse proxy nobody named makes all users one address: the limits would hit everybody at once. */
  function warnOfUnnamedProxy(request: HttpRequest, forwardedFor: string | undefined): void {
    if (warnedOfProxy || forwardedFor === undefined) return
    warnedOfProxy = true
    log.warn(
      { option: "trustedProxies", socketAddress: request.address },
      "requests come through a reverse proxy that trustedProxies does not name, so all users count as one address; name it there",
    )
  }

  function addressOf(request: HttpRequest): string {
    const forwardedFor = request.header("x-forwarded-for")
    warnOfUnnamedProxy(request, forwardedFor)
    return clientAddress(request.address, forwardedFor)
  }

  async function answer(
    route: Route,
    request: HttpRequest,
    params: Call<unknown>["params"],
    requestId: string,
  ) {
    const query = request.query === "" ? noQuery : new URLSearchParams(request.query)
    if (query.has("access_token"))
      throw new InvalidRequestError([
        { pointer: "", detail: "a token does not belong into the URL, where logs keep it" },
      ])
    const user = route.auth
      ? await authenticate(request.header("authorization"), request)
      : (undefined as never)
    const inCookies = route.issuesTokens === true && browserSessions.asks(request)
    const address = addressOf(request)
    // Before there is a place for it: a body that comes late, or never, must keep nobody else out.
    const body = await readBody(route, request)
    const entered = route.sheddable !== true || shedder.enter()
    if (entered !== true && !(await entered)) throw overloaded
    try {
      const result = await route.handle({
        flow,
        logIn,
        exchangeCode,
        openData,
        exportData,
        bindPhone,
        avatarUploads,
        sendSms,
        body,
        params,
        query,
        requestId,
        userAgent: request.header("user-agent") ?? "",
        authorization: request.header("authorization"),
        refreshCookie: () => (inCookies ? browserSessions.refreshToken(request) : undefined),
        header: name => request.header(name),
        address,
        limit: limitsFor(address),
        user,
        bytes: limit => request.bytes(limit),
        signedIn: async () => authenticate(request.header("authorization"), request),
        signal: () => request.signal,
        accepting: accepting(),
      })
      const reply = asReply(result)
      if (inCookies && reply.status === 200)
        return writeReply(route, browserSessions.issue(reply as Reply<TokenReply>))
      const forgets = route.endsSession === true && request.header("authorization") === undefined
      return writeReply(route, forgets ? { ...reply, cookies: browserSessions.forget } : reply)
    } finally {
      if (route.sheddable === true) shedder.leave()
    }
  }

  /** What only the operator can mend; of what comes with every request only one in a while. */
  function tellOperator(error: unknown, requestId: string): void {
    if (!(error instanceof DengluError)) {
      log.error({ requestId, error: describeError(error) }, "a request failed unexpectedly")
      return
    }
    if (!(error.code in worthTelling)) return
    const last = toldAt.get(error.code)
    if (last !== undefined && flow.clock() - last < tellEvery) return
    toldAt.set(error.code, flow.clock())
    log.warn({ requestId, code: error.code, reason: error.message }, worthTelling[error.code] as string)
  }

  async function handle(request: HttpRequest): Promise<RouteReply> {
    const requestId = newId(random)
    const origin = request.header("origin")
    const addHeaders = (reply: RouteReply): RouteReply => ({
      ...reply,
      headers: { ...reply.headers, ...cors.headers(origin), "x-request-id": requestId },
    })
    try {
      const match = router(request.path)
      if (match === undefined) throw new DengluError("not_found")
      const route = match.routes.get(request.method === "HEAD" ? "GET" : request.method)
      if (route === undefined) {
        const allow = [...match.routes.keys(), ...(match.routes.has("GET") ? ["HEAD"] : [])]
        const headers = request.method === "OPTIONS" ? cors.preflight(origin, allow) : undefined
        if (headers !== undefined) return { status: 204, headers, body: "" }
        throw new DengluError("method_not_allowed", { allow })
      }
      return addHeaders(await answer(route, request, match.params, requestId))
    } catch (error) {
      tellOperator(error, requestId)
      const reply = problemReply(error, { requestId, acceptLanguage: request.header("accept-language") })
      const forgets = options.browserSessions && usesCookies(request) && endsBrowserSession(reply, error)
      return addHeaders(forgets ? { ...reply, cookies: browserSessions.forget } : reply)
    }
  }

  return {
    answers(method, path) {
      const match = router(path)
      return match?.routes.has(method === "HEAD" ? "GET" : method) === true
    },
    handle,
  }
}

function usesCookies(request: HttpRequest): boolean {
  return request.header("authorization") === undefined && request.header("cookie") !== undefined
}

const contentTypes = {
  json: "application/json; charset=utf-8",
  text: "text/plain; charset=utf-8",
  events: "text/event-stream; charset=utf-8",
} as const

function writeReply(route: Route, reply: ReturnType<typeof asReply>): RouteReply {
  const { status, body } = reply
  const kind = typeof body === "function" ? "events" : (route.replyAs ?? "json")
  return {
    status,
    headers: {
      ...(body === undefined || kind === "picture" ? {} : { "content-type": contentTypes[kind] }),
      "cache-control": status === 200 ? (route.cacheControl ?? "no-store") : "no-store",
      ...reply.headers,
    },
    ...(reply.cookies && { cookies: reply.cookies }),
    body: writeBody(body, kind),
  }
}

function writeBody(body: unknown, kind: keyof typeof contentTypes | "picture"): RouteReply["body"] {
  if (body === undefined) return ""
  if (kind === "events") return body as TextStream
  if (kind === "picture") return body as Uint8Array<ArrayBuffer>
  return kind === "text" ? String(body) : JSON.stringify(body)
}
