import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"

/** A WebSocket server that sends back what it gets (RFC 6455, short frames only); the text "bye" makes it close with 4001. */
export async function startEchoSocketServer() {
  const asked: IncomingMessage[] = []
  const streams = new Set<Duplex>()
  const server = createServer().on("upgrade", (request, stream) => {
    asked.push(request)
    streams.add(stream)
    stream.on("error", () => {}).write(handshake(request))
    stream.on("data", (chunk: Buffer) => {
      const frame = unmasked(chunk)
      stream.write(echo(frame))
      if (frame.opcode === opcodes.close) stream.end()
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/`,
    /** The requests that asked to connect. */
    asked,
    async close() {
      for (const stream of streams) stream.destroy()
      server.close()
      await once(server, "close")
    },
  }
}

interface Frame {
  readonly opcode: number
  readonly payload: Buffer
}

const opcodes = { text: 1, close: 8 }

function handshake({ headers }: IncomingMessage): string {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash("sha1").update(key).digest("base64")
  const protocol = headers["sec-websocket-protocol"]?.split(",")[0]
  const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
  const chosen = protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]
  return [...lines, `Sec-WebSocket-Accept: ${accept}`, ...chosen, "", ""].join("\r\n")
}

function unmasked(chunk: Buffer): Frame {
  const length = (chunk[1] ?? 0) & 0x7f
  const mask = chunk.subarray(2, 6)
  const payload = chunk.subarray(6, 6 + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  return { opcode: (chunk[0] ?? 0) & 0x0f, payload: Buffer.from(payload) }
}

function echo({ opcode, payload }: Frame): Buffer {
  const bye = opcode === opcodes.text && payload.toString() === "bye"
  const answer = bye ? Buffer.from([4001 >> 8, 4001 & 0xff, ...Buffer.from("as you say")]) : payload
  return Buffer.concat([Buffer.from([0x80 | (bye ? opcodes.close : opcode), answer.length]), answer])
}
