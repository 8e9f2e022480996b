import type { Context, MiddlewareHandler } from "hono"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import { type Guard, type RequestUser, requestUser } from "../guard.ts"
import type { Login } from "../running-login.ts"
import type { VerifiedToken } from "../session/verified-token.ts"

/** What `requireUser` adds to a Hono app's types. */
export interface UserEnv {
  Variables: { user: RequestUser }
}

/**
 * Lets a request through if its access token is good, and keeps the user as `c.var.user`; else answers a problem document.
 *
 * @param guard what `createLogin` or `createVerifier` answers
 * @example
 * ```ts
 * import { createVerifier } from "denglu/verifier"
 * import { requireUser } from "denglu/hono"
 * import { Hono } from "hono"
 *
 * const verifier = createVerifier({
 *   jwksUrl: "https://login.example.com/.well-known/jwks.json",
 *   issuer: "denglu",
 *   audience: "denglu",
 * })
 * const app = new Hono()
 * app.get("/orders", requireUser(verifier), c => c.json({ orders: [], of: c.var.user.id }))
 * ```
 */
export function requireUser(guard: Guard): MiddlewareHandler<UserEnv> {
  return (c, next) => {
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      const authorization = c.req.header("authorization")
      verified = guard.authenticate(
        authorization,
        authorization === undefined
          ? { method: c.req.method, header: name => c.req.header(name) }
          : undefined,
      )
    } catch (error) {
      return Promise.resolve(refuse(guard, error, c))
    }
    if (!(verified instanceof Promise)) {
      c.set("user", requestUser(verified))
      return next()
    }
    return verified.then(
      verified => {
        c.set("user", requestUser(verified))
        return next()
      },
      error => refuse(guard, error, c),
    )
  }
}

function refuse(guard: Guard, error: unknown, c: Context): Response {
  const { body, status, headers } = guard.problem(error, c.req.header("accept-language"))
  return c.body(body, status as ContentfulStatusCode, headers)
}

export interface LoginRoutesOptions {
  /**
   * The peer's address, for rate limits, for example `c => getConnInfo(c).remote.address` with `getConnInfo` from
   * `hono/bun` or `hono/deno`. Default is what `@hono/node-server` knows.
   */
  readonly address?: (c: Context) => string | undefined
}

/**
 * Answers the login's routes and passes on everything else: `app.use(loginRoutes(login))`.
 * Another path than `/` is the option `basePath` of `createLogin`.
 */
export function loginRoutes(
  login: Pick<Login, "answers" | "fetch" | "routes">,
  { address = nodeAddress }: LoginRoutesOptions = {},
): MiddlewareHandler {
  const methods = [...new Set(login.routes.map(route => route.method))]
  const isOurs = (method: string, path: string) =>
    method === "OPTIONS" ? methods.some(other => login.answers(other, path)) : login.answers(method, path)
  return async (c, next) => {
    if (!isOurs(c.req.method, c.req.path)) return next()
    return login.fetch(await unread(c), { address: address(c) })
  }
}

/** The request with its body still to be read: middleware in front may have read it, and Hono keeps a copy. */
async function unread(c: Context): Promise<Request> {
  const { raw } = c.req
  if (!raw.bodyUsed) return raw
  const { method, headers, url, signal } = raw
  return new Request(url, { method, headers, signal, body: await c.req.arrayBuffer() })
}

/** `@hono/node-server` hands Node's request over as `incoming`. */
function nodeAddress(c: Context): string | undefined {
  const env = c.env as
    | { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } }
    | undefined
  return env?.incoming?.socket?.remoteAddress
}
