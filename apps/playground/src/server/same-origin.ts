import type { IncomingMessage } from "node:http"

/**
 * Whether a request may come in: to a loopback host, so that no name of a stranger's leads here, and from no page but those served
 * here. A browser says the origin with everything that steers; programs say none.
 */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  if (!/^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(new URL(`http://${host}`).hostname)) return false
  return origin === undefined || origin === `http://${host}`
}
