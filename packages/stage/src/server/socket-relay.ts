import type { IncomingMessage } from "node:http"
import { connect } from "node:net"
import type { Duplex } from "node:stream"
import { connect as connectSecurely } from "node:tls"
import { isLoopback } from "./loopback.ts"

/** Passes a WebSocket on to where `?to=` says, with the header that the cookie carries. */
export function relaySocket(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  origins: readonly string[],
): void {
  const to = new URL(req.url ?? "/", "http://stage").searchParams.get("to") ?? ""
  const target = URL.canParse(to) ? new URL(to) : undefined
  if (target === undefined || !/^wss?:$/.test(target.protocol) || !mayAsk(target, origins)) {
    socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n")
    return
  }
  const secure = target.protocol === "wss:"
  const port = Number(target.port) || (secure ? 443 : 80)
  const host = target.hostname.replace(/^\[|\]$/g, "")
  const upstream = secure ? connectSecurely({ host, port, servername: host }) : connect({ host, port })
  upstream.on(secure ? "secureConnect" : "connect", () => {
    upstream.write(upgradeRequest(req, target))
    if (head.length > 0) upstream.write(head)
    upstream.pipe(socket).pipe(upstream)
  })
  upstream.on("error", () => socket.destroy())
  socket.on("error", () => upstream.destroy())
  upstream.on("close", () => socket.destroy())
  socket.on("close", () => upstream.destroy())
}

function mayAsk(target: URL, origins: readonly string[]): boolean {
  return isLoopback(target.hostname) || origins.includes(target.origin.replace(/^ws/, "http"))
}

function upgradeRequest(req: IncomingMessage, target: URL): string {
  const own = Object.entries(req.headers).filter(([name]) =>
    /^(sec-websocket-|upgrade$|connection$)/.test(name),
  )
  const lines = [...own, ...Object.entries(headerOf(req)), ["host", target.host]]
  const safe = lines.map(([name, value]) => `${name}: ${String(value).replace(/[\r\n]/g, " ")}`)
  return `GET ${target.pathname}${target.search} HTTP/1.1\r\n${safe.join("\r\n")}\r\n\r\n`
}

/** What `wx.connectSocket({ header })` said. */
function headerOf(req: IncomingMessage): Record<string, string> {
  const text = /(?:^|;\s*)stage-socket-header=([^;]*)/.exec(req.headers.cookie ?? "")?.[1]
  if (text === undefined) return {}
  try {
    const header = JSON.parse(decodeURIComponent(text)) as Record<string, string>
    return Object.fromEntries(
      Object.entries(header).filter(
        ([name]) => /^[\w-]+$/.test(name) && !/^(host|connection|upgrade|sec-websocket-.*)$/i.test(name),
      ),
    )
  } catch {
    return {}
  }
}
