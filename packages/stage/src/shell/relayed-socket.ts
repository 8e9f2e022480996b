import type { OpenSocket } from "@denglu/simulator/wx"

/** Seconds that the cookie lives which carries the header: as long as it takes to connect. */
const seconds = 5

/**
 * A socket by way of the stage's server, since a page may give a WebSocket no header.
 * @param address of the relay
 */
export function relayedSocket(address: string): OpenSocket {
  return (url, { header, protocols }) => {
    const relay = new URL(address, window.location.href)
    // biome-ignore lint/suspicious/noDocumentCookie: the only header of a WebSocket that a page can choose, and at once
    document.cookie = `stage-socket-header=${encodeURIComponent(JSON.stringify(header))}; Path=${relay.pathname}; Max-Age=${seconds}; SameSite=Strict`
    relay.protocol = relay.protocol.replace("http", "ws")
    relay.searchParams.set("to", url)
    return new WebSocket(relay, [...protocols])
  }
}
