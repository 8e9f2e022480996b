import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
  HTTPMethods,
} from "fastify"
import { type Guard, type RequestUser, requestUser } from "../guard.ts"
import { browserRequestOf } from "../http/browser-session.ts"
import type { Login } from "../running-login.ts"
import type { VerifiedToken } from "../session/verified-token.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** Who sent the request. There behind `requireUser` only; without it `undefined`, whatever the type says. */
    user: RequestUser
  }
}

/** A hook for `onRequest` or `preHandler`. */
export type FastifyHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
) => void

/**
 * Lets a request through if its access token is good, and puts the user on `request.user`; else answers a problem document.
 * As `onRequest` it refuses before the body is read.
 *
 * @param guard what `createLogin` or `createVerifier` answers
 * @example
 * ```ts
 * import { createVerifier } from "denglu/verifier"
 * import { requireUser } from "denglu/fastify"
 * import fastify from "fastify"
 *
 * const verifier = createVerifier({
 *   jwksUrl: "https://login.example.com/.well-known/jwks.json",
 *   issuer: "denglu",
 *   audience: "denglu",
 * })
 * const app = fastify()
 * app.get("/orders", { onRequest: requireUser(verifier) }, async request => ({ orders: [], of: request.user.id }))
 * ```
 */
export function requireUser(guard: Guard): FastifyHook {
  return (request, reply, done) => {
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      const { authorization } = request.headers
      verified = guard.authenticate(
        authorization,
        authorization === undefined ? browserRequestOf(request) : undefined,
      )
    } catch (error) {
      return refuse(guard, error, request, reply)
    }
    // A remembered token costs no promise: most requests come with one.
    if (!(verified instanceof Promise)) {
      request.user = requestUser(verified)
      return done()
    }
    verified.then(
      verified => {
        request.user = requestUser(verified)
        done()
      },
      error => refuse(guard, error, request, reply),
    )
  }
}

function refuse(guard: Guard, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, headers, body } = guard.problem(error, request.headers["accept-language"])
  reply.code(status).headers(headers).send(body)
}

export interface LoginRoutesOptions {
  readonly login: Pick<Login, "node" | "routes">
}

/**
 * A plugin with the login's routes: `app.register(loginRoutes, { login })`. They stand in a context of their own: the
 * body parsers, schemas and error handlers of the rest do not reach them.
 * Another path than `/` is the option `basePath` of `createLogin`.
 *
 * @throws Error (from `app.ready()`) if it is registered under a prefix
 */
export function loginRoutes(
  app: FastifyInstance,
  { login }: LoginRoutesOptions,
  done: (error?: Error) => void,
): void {
  if (app.prefix === "") {
    mount(app, login)
    done()
  } else {
    done(
      new Error(
        `loginRoutes can't stand under the prefix ${app.prefix}: register it without one and give createLogin basePath: "${app.prefix}"`,
      ),
    )
  }
}

function mount(app: FastifyInstance, login: LoginRoutesOptions["login"]): void {
  // The routes read their bodies themselves, with their own limit and their own errors.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null))
  for (const [url, methods] of methodsByPath(login.routes)) {
    app.route({
      method: [...methods, "OPTIONS"],
      url,
      handler: (request, reply) => handOver(login, request, reply),
    })
  }
}

function methodsByPath(routes: Login["routes"]): ReadonlyMap<string, readonly HTTPMethods[]> {
  const byPath = new Map<string, HTTPMethods[]>()
  for (const { method, path } of routes) {
    const methods = byPath.get(path) ?? []
    methods.push(method as HTTPMethods)
    byPath.set(path, methods)
  }
  return byPath
}

/** Gives Node's own request and response to the login; what hooks put on the reply's headers goes with them. */
function handOver(login: LoginRoutesOptions["login"], request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  login.node(request.raw, reply.raw)
}
