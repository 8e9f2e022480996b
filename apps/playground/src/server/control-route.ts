import type { IncomingMessage, ServerResponse } from "node:http"
import type { ControlRequest } from "../protocol.ts"
import { ControlError } from "./control-error.ts"
import { readControl } from "./controls.ts"

/** Bytes. */
const longestBody = 1_024

/** `POST /playground/control`: 204, or 400 with `{error}`. */
export async function serveControl(
  req: IncomingMessage,
  res: ServerResponse,
  run: (request: ControlRequest) => Promise<void>,
): Promise<void> {
  if (req.method !== "POST") {
    res.writeHead(405, { allow: "POST" }).end()
    return
  }
  try {
    await run(readControl(await readJson(req)))
    res.writeHead(204).end()
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    const body = JSON.stringify({ error: error.message })
    res.writeHead(400, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" })
    res.end(body)
  }
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  // A little too long is read to its end: the reply would be lost with the connection otherwise.
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= longestBody) chunks.push(chunk)
    if (length > 64 * longestBody) break
  }
  if (length > longestBody) throw new ControlError(`the body is longer than ${longestBody} bytes`)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new ControlError("the body is not JSON")
  }
}
