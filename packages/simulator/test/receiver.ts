import { createDecipheriv } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** A request that came to a {@link receive}. */
export interface Received {
  readonly query: URLSearchParams
  readonly body: string
}

/** A server that answers `success` to all it gets. */
export async function receive() {
  const received: Received[] = []
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    received.push({
      query: new URL(req.url ?? "", "http://x").searchParams,
      body: Buffer.concat(chunks).toString(),
    })
    res.end("success")
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    received,
    url: `http://127.0.0.1:${port}/push`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

/** What is encrypted in a push, and for whom. */
export function decrypt({ body }: Received, encodingAesKey: string) {
  const encrypted = /<Encrypt><!\[CDATA\[([^\]]+)\]\]><\/Encrypt>/.exec(body)?.[1] ?? ""
  const key = Buffer.from(`${encodingAesKey}=`, "base64")
  const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false)
  const opened = Buffer.concat([decipher.update(encrypted, "base64"), decipher.final()])
  const end = 20 + opened.readUInt32BE(16)
  const pad = opened.at(-1) ?? 0
  return {
    message: opened.subarray(20, end).toString(),
    receiver: opened.subarray(end, opened.length - pad).toString(),
  }
}

/** An element of a message. */
export function element(message: string, name: string): string {
  return new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(message)?.[1] ?? ""
}
