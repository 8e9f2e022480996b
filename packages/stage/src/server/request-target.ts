import type { IncomingMessage } from "node:http"
import { isLoopback } from "./loopback.ts"

/** What is asked for; `undefined` for what is no path, as `//`. */
export function targetOf({ url = "" }: IncomingMessage): URL | undefined {
  const address = `http://stage${url}`
  return url.startsWith("/") && URL.canParse(address) ? new URL(address) : undefined
}

/**
 * Whether a request may come in: to a loopback host, so that no name of a stranger's leads here, and from no page but
 * those served here. A browser says the origin with everything that steers; programs say none.
 */
export function isFromHere({ headers: { origin, host } }: IncomingMessage): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  if (!isLoopback(new URL(`http://${host}`).hostname)) return false
  return origin === undefined || origin === `http://${host}`
}
