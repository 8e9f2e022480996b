import { isLoopback } from "./loopback.ts"
import type { RelayReply, RelayRequest } from "./stage-server.ts"

/** How long one request may take, in ms; the mini program's own timeout is shorter as a rule. */
const deadlineMs = 60_000
const mostRedirects = 5

/** Why it was not sent. */
export class RelayRefusal extends Error {}

/**
 * Sends a mini program's request.
 * @param origins that may be asked besides this machine's
 * @throws RelayRefusal where it may not be asked; Error for a connection that failed
 */
export async function forward(request: RelayRequest, origins: readonly string[]): Promise<RelayReply> {
  let { url, method, body } = request
  for (let redirects = 0; ; redirects += 1) {
    const target = new URL(url)
    if (!isLoopback(target.hostname) && !origins.includes(target.origin))
      throw new RelayRefusal(
        `${target.origin} is not this machine: start the stage with --allow ${target.origin}`,
      )
    const response = await fetch(target, {
      method,
      headers: sendable(request.headers),
      body: method === "GET" || method === "HEAD" ? null : (body as Uint8Array<ArrayBuffer> | null),
      redirect: "manual",
      signal: AbortSignal.timeout(deadlineMs),
    })
    const location = response.headers.get("location")
    if (response.status < 300 || response.status > 399 || location === null || redirects === mostRedirects)
      return {
        status: response.status,
        headers: Object.fromEntries([...response.headers].filter(([name]) => !hopByHop.has(name))),
        body: new Uint8Array(await response.arrayBuffer()),
      }
    url = new URL(location, target).href
    if (response.status < 307) [method, body] = ["GET", null]
  }
}

/** Headers about one connection, and about an encoding that is undone here. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "content-encoding",
  "content-length",
  "host",
])

function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name.toLowerCase())))
}
