import type { Static, TSchema } from "typebox"
import { Compile } from "typebox/compile"
import type { AvatarUploads } from "../limits/avatar-uploads.ts"
import type { BindPhone } from "../login/bind-phone.ts"
import type { ExchangeCode } from "../login/exchange-code.ts"
import type { FlowContext } from "../login/flows.ts"
import type { LogIn } from "../login/log-in.ts"
import type { ReadOpenData } from "../login/open-data.ts"
import type { SendDigits } from "../login/sms/send-sms.ts"
import type { VerifiedToken } from "../session/verified-token.ts"
import type { ExportData } from "../user/personal-data.ts"
import type { TextStream } from "./message.ts"

/** What a route's `handle` gets: the request, read and checked. */
export interface Call<Body> {
  readonly flow: FlowContext
  readonly logIn: LogIn
  readonly exchangeCode: ExchangeCode
  readonly openData: ReadOpenData
  readonly exportData: ExportData
  readonly bindPhone: BindPhone
  readonly avatarUploads: AvatarUploads
  readonly sendSms: SendDigits
  readonly body: Body
  /** The `:name` parts of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly requestId: string
  readonly userAgent: string
  /** The header as it came. Routes with `auth` need not look at it. */
  readonly authorization: string | undefined
  /** Any header, by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** Whose address counts as the client's; `""` if there is none. */
  readonly address: string
  /** The refresh token in the cookies; `undefined` if the client has not asked for cookies. @throws DengluError `token_missing` */
  readonly refreshCookie: () => string | undefined
  /** Takes one from a rate limit. @throws DengluError `rate_limited` */
  readonly limit: Limits
  /** Who asks. @throws DengluError if there is no good token: only for routes with `auth`. */
  readonly user: VerifiedToken
  /** The body as it came; only for routes with `bodyAs: "picture"`. @throws DengluError as `HttpRequest.bytes` */
  readonly bytes: (limit: number) => Promise<Uint8Array>
  /** The same, for routes that need it of some requests only. @throws DengluError as a rejection, if there is no good token */
  readonly signedIn: () => Promise<VerifiedToken>
  readonly signal: () => AbortSignal
  /** Whether the server is taking requests; `false` while it drains. */
  readonly accepting: boolean
}

export interface Limits {
  login(): Promise<void>
  loginOfApp(appid: string): Promise<void>
  refresh(): Promise<void>
  loan(borrower: string): Promise<void>
  scan(appid: string): Promise<void>
  scanOpen(userId: string): Promise<void>
}

/** A reply with another status than 200, or with headers of its own. */
export interface Reply<Body> {
  readonly status: number
  readonly body: Body | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[]
}

/** A reply that comes bit by bit. */
export interface StreamReply extends Omit<Reply<never>, "body"> {
  readonly body: TextStream
}

export interface RouteDefinition<Body extends TSchema, ReplySchema extends TSchema> {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  /** `/me/sessions/:id` */
  readonly path: string
  readonly summary: string
  /** Whether an access token is needed. */
  readonly auth: boolean
  /** It answers a `TokenReply`, which goes into cookies if the client asks so. Default is `false`. */
  readonly issuesTokens?: boolean
  /** It ends the session that asks: cookies are forgotten. Default is `false`. */
  readonly endsSession?: boolean
  /** Refused first when the server has more to do than it can. Default is `false`. */
  readonly sheddable?: boolean
  /** Schema of the request's body. */
  readonly body?: Body
  /** `text`: the body is handed on as it came, unchecked. `picture`: it is read by {@link Call.bytes}. Default is `json`. */
  readonly bodyAs?: "json" | "text" | "picture"
  /** The most a body may hold, in bytes. Default is 16,384. */
  readonly bodyLimit?: number
  /** The body may be left out and is `{}` then. */
  readonly bodyOptional?: boolean
  readonly query?: Readonly<Record<string, { readonly description: string }>>
  /** Headers it goes by. */
  readonly headers?: Readonly<Record<string, { readonly description: string }>>
  /** Schema of what comes with 200 (and 503, for `/readyz`). */
  readonly reply?: ReplySchema
  /** `text`: a text is answered as `text/plain`. `picture`: bytes, whose type is among the headers. Default is `json`. */
  readonly replyAs?: "json" | "text" | "picture"
  /** Who asks with `Accept: text/event-stream` gets a stream of such replies (server-sent events), made by {@link handle}. */
  readonly streams?: boolean
  /** `Cache-Control`; default is `no-store`. */
  readonly cacheControl?: string
  readonly handle: (
    call: Call<Static<Body>>,
  ) =>
    | Promise<Static<ReplySchema> | Reply<Static<ReplySchema>> | StreamReply>
    | Static<ReplySchema>
    | Reply<Static<ReplySchema>>
}

/** A route as the handler works with it: its body schema compiled, its types erased. */
export interface Route extends Omit<RouteDefinition<TSchema, TSchema>, "handle"> {
  readonly bodyErrors: ((value: unknown) => readonly BodyError[]) | undefined
  readonly handle: (call: Call<unknown>) => unknown
}

export interface BodyError {
  /** JSON pointer. */
  readonly pointer: string
  readonly detail: string
}

/** Makes a route out of its definition. */
export function route<Body extends TSchema, ReplySchema extends TSchema>(
  definition: RouteDefinition<Body, ReplySchema>,
): Route {
  const { body } = definition
  return {
    ...definition,
    bodyErrors: body === undefined ? undefined : compileBody(body),
    handle: definition.handle as Route["handle"],
  }
}

function compileBody(schema: TSchema): (value: unknown) => readonly BodyError[] {
  const validator = Compile(schema)
  return value => {
    if (validator.Check(value)) return []
    return validator
      .Errors(value)
      .slice(0, 8)
      .map(error => ({ pointer: pointerOf(error), detail: error.message }))
  }
}

/** A missing field is reported at the object that lacks it; clients want to hear of the field. */
function pointerOf(error: {
  readonly instancePath: string
  readonly keyword: string
  readonly params: object
}): string {
  const [missing] = "requiredProperties" in error.params ? (error.params.requiredProperties as string[]) : []
  return missing === undefined ? error.instancePath : `${error.instancePath}/${missing}`
}

/** Tells a {@link Reply} from a bare body. */
export function asReply(result: unknown): Reply<unknown> {
  const isReply =
    typeof result === "object" && result !== null && "status" in result && typeof result.status === "number"
  return isReply ? (result as Reply<unknown>) : { status: 200, body: result }
}
