import { type Guard, type RequestUser, requestUser } from "../guard.ts"
import { toResponse } from "../http/fetch.ts"
import type { VerifiedToken } from "../session/verified-token.ts"

/** A handler that knows who asks. `rest` is what the server hands over behind the request, such as Next's context. */
export type UserHandler<Rest extends readonly unknown[]> = (
  request: Request,
  user: RequestUser,
  ...rest: Rest
) => Response | Promise<Response>

/**
 * Wraps a `Request → Response` handler, for Next's route handlers, Deno, Bun and the like: it is called only if the
 * access token is good, and gets the user; else the answer is a problem document.
 *
 * @param guard what `createLogin` or `createVerifier` answers
 * @example
 * ```ts
 * import { createVerifier } from "denglu/verifier"
 * import { requireUser } from "denglu/fetch"
 *
 * const verifier = createVerifier({
 *   jwksUrl: "https://login.example.com/.well-known/jwks.json",
 *   issuer: "denglu",
 *   audience: "denglu",
 * })
 * export const GET = requireUser(verifier, (_request, user) => Response.json({ orders: [], of: user.id }))
 * ```
 */
export function requireUser<Rest extends readonly unknown[]>(
  guard: Guard,
  handler: UserHandler<Rest>,
): (request: Request, ...rest: Rest) => Response | Promise<Response> {
  return (request, ...rest) => {
    const refuse = (error: unknown) =>
      toResponse(
        guard.problem(error, request.headers.get("accept-language") ?? undefined),
        request.method === "HEAD",
      )
    let verified: VerifiedToken | Promise<VerifiedToken>
    try {
      const authorization = request.headers.get("authorization") ?? undefined
      verified = guard.authenticate(
        authorization,
        authorization === undefined
          ? { method: request.method, header: name => request.headers.get(name) ?? undefined }
          : undefined,
      )
    } catch (error) {
      return refuse(error)
    }
    if (!(verified instanceof Promise)) return handler(request, requestUser(verified), ...rest)
    return verified.then(verified => handler(request, requestUser(verified), ...rest), refuse)
  }
}
