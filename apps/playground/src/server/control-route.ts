import type { IncomingMessage, ServerResponse } from "node:http"
import type { ControlRefusal, ControlRequest } from "../protocol.ts"
import { ControlError } from "./control-error.ts"
import { readControl } from "./controls.ts"

/** Bytes: a code's picture is the longest that is sent. */
const longestBody = 65_536
const tooLong = {
  en: `the body is longer than ${longestBody} bytes`,
  zh: `请求内容超过 ${longestBody} 字节`,
}
const notJson = { en: "the body is not JSON", zh: "请求内容不是 JSON" }

/** `POST /playground/control`: 204, or 400 with a {@link ControlRefusal}. */
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
    const refusal: ControlRefusal = { error: error.text }
    res.writeHead(400, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" })
    res.end(JSON.stringify(refusal))
  }
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  // A little too long is read to its end: the reply would be lost with the connection otherwise.
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= longestBody) chunks.push(chunk)
    if (length > 4 * longestBody) break
  }
  if (length > longestBody) throw new ControlError(tooLong)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new ControlError(notJson)
  }
}
