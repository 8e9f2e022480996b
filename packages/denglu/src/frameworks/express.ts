import type { IncomingMessage, ServerResponse } from "node:http"
import { type Guard, type RequestUser, requestUser } from "../guard.ts"
import { browserRequestOf } from "../http/browser-session.ts"
import type { VerifiedToken } from "../session/verified-token.ts"

declare global {
  // biome-ignore lint/style/noNamespace: it is where Express asks to be told what middleware puts on requests
  namespace Express {
    interface Request {
      /** Who sent the request. There behind `requireUser` only; without it `undefined`, whatever the type says. */
      user: RequestUser
    }
  }
}

/** A request handler for Express 4 and 5, and for Connect. */
export type ExpressMiddleware = (
  req: IncomingMessage & { user?: RequestUser },
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Lets a request through if its access token is good, and puts the user on `req.user`; else answers a problem document.
 * The routes of the login itself are mounted with `app.use(login.node)`.
 *
 * @param guard what `createLogin` or `createVerifier` answers
 * @example
 * ```ts
 * import { createVerifier } from "denglu/verifier"
 * import { requireUser } from "denglu/express"
 * import express from "express"
 *
 * const verifier = createVerifier({
 *   jwksUrl: "https://login.example.com/.well-known/jwks.json",
 *   issuer: "denglu",
 *   audience: "denglu",
 * })
 * const app = express()
 * app.get("/orders", requireUser(verifier), (req, res) => res.json({ orders: [], of: req.user.id }))
 * ```
 */
export function requireUser(guard: Guard): ExpressMiddleware {
  return (req, res, next) => {
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      const { authorization } = req.headers
      verified = guard.authenticate(
        authorization,
        authorization === undefined ? browserRequestOf(req) : undefined,
      )
    } catch (error) {
      return refuse(guard, error, req, res)
    }
    // A remembered token costs no promise: most requests come with one.
    if (!(verified instanceof Promise)) {
      req.user = requestUser(verified)
      return next()
    }
    verified.then(
      verified => {
        req.user = requestUser(verified)
        next()
      },
      error => refuse(guard, error, req, res),
    )
  }
}

function refuse(guard: Guard, error: unknown, req: IncomingMessage, res: ServerResponse): void {
  if (res.headersSent) return
  const reply = guard.problem(error, req.headers["accept-language"])
  res.statusCode = reply.status
  for (const name in reply.headers) res.setHeader(name, reply.headers[name] as string)
  res.end(reply.body)
}
