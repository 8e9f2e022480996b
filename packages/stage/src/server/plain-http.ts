import type { IncomingMessage, ServerResponse } from "node:http"

/** @throws Error for a body over `limit` bytes */
export async function readBody(req: IncomingMessage, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw new Error(`the body is over ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What no answer goes without: no other site may load, frame or guess at it. */
export const ownHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'self'",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
}

export function sendText(res: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text)
  res.writeHead(status, {
    ...ownHeaders,
    "content-type": `${type}; charset=utf-8`,
    "content-length": body.length,
  })
  res.end(body)
}

export function sendJson(res: ServerResponse, status: number, value: unknown): void {
  sendText(res, status, "application/json", JSON.stringify(value))
}
