import { isLoopback } from "./loopback.ts"
import type { RelayReply, RelayRequest } from "./stage-server.ts"

/** How long one request may take, in ms; the mini program's own timeout is shorter as a rule. */
const deadlineMs = 60_000
const mostRedirects = 5
/** The longest body of a reply, in bytes: what `wx.downloadFile` takes. */
const replyLimit = 200 * 1024 * 1024

/** Why it was not sent. */
export class RelayRefusal extends Error {}

/**
 * Sends a mini program's request: to this machine, and to the origins that were allowed; wherever a redirect leads, too.
 * @param origins that may be asked besides this machine's
 * @param gone nobody waits for the answer any more
 * @throws RelayRefusal where it may not be asked; Error for a connection that failed
 */
export async function forward(
  request: RelayRequest,
  origins: readonly string[],
  gone: AbortSignal,
): Promise<RelayReply> {
  let { url, method, body } = request
  let headers = sendable(request.headers)
  for (let redirects = 0; ; redirects += 1) {
    const target = new URL(url)
    if (!isLoopback(target.hostname) && !origins.includes(target.origin))
      throw new RelayRefusal(
        `${target.origin} is not this machine: start the stage with --allow ${target.origin}`,
      )
    const response = await fetch(target, {
      method,
      headers,
      body: method === "GET" || method === "HEAD" ? null : (body as Uint8Array<ArrayBuffer> | null),
      redirect: "manual",
      signal: AbortSignal.any([gone, AbortSignal.timeout(deadlineMs)]),
    })
    const location = response.headers.get("location")
    if (response.status < 300 || response.status > 399 || location === null || redirects === mostRedirects)
      return {
        status: response.status,
        headers: Object.fromEntries([...response.headers].filter(([name]) => !hopByHop.has(name))),
        cookies: response.headers.getSetCookie(),
        body: await readReply(response),
      }
    const next = new URL(location, target)
    // What proves who asks is for the one that was asked.
    if (next.origin !== target.origin) headers = headers.filter(([name]) => !credentials.has(name))
    url = next.href
    if (response.status === 303 || (response.status < 303 && method === "POST"))
      [method, body] = ["GET", null]
    await response.body?.cancel()
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
  "set-cookie",
])

const credentials = new Set(["authorization", "cookie", "proxy-authorization"])

function sendable(headers: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !hopByHop.has(name))
}

async function readReply(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > replyLimit) throw new RelayRefusal(`the reply is over ${replyLimit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
