import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http"
import { DengluError } from "../errors.ts"
import {
  bodyDeadline,
  bodyIsRead,
  bodyLimit,
  bytesDeadline,
  createBodyCollector,
  incompleteBody,
} from "./body.ts"
import type { Handler } from "./handler.ts"
import type { HttpRequest, ParsedBody, RouteReply, TextStream } from "./message.ts"

/** Middleware for `node:http`, Express and whatever else takes `(req, res, next)`. */
export type NodeListener = (
  req: IncomingMessage,
  res: ServerResponse,
  next?: (error?: unknown) => void,
) => void

/**
 * Binds the routes to `(req, res, next)`. What no route answers goes on to `next`, or is a 404 or 405 where there is none.
 */
export function createNodeListener(handler: Handler, basePath: string): NodeListener {
  return (req, res, next) => {
    const [path = "/", query = ""] = splitOnce(req.url ?? "/", "?")
    const method = req.method ?? "GET"
    const inside = withoutBasePath(path, basePath)
    if (next !== undefined && (inside === undefined || !answersOrPreflight(handler, method, inside)))
      return next()
    const request = new NodeRequest(req, res, method, inside ?? "", query)
    handler
      .handle(request)
      .then(reply => writeNodeReply(req, res, reply, method === "HEAD"))
      // Only writing can have failed: the client is gone, and the socket must not stay.
      .catch(() => res.destroy())
  }
}

function answersOrPreflight(handler: Handler, method: string, path: string): boolean {
  if (method !== "OPTIONS") return handler.answers(method, path)
  return ["GET", "POST", "PATCH", "DELETE"].some(other => handler.answers(other, path))
}

/** The path behind the base path; `undefined` if it is not under it. */
export function withoutBasePath(path: string, basePath: string): string | undefined {
  if (basePath === "") return path
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)]
}

class NodeRequest implements HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly #req: IncomingMessage
  readonly #res: ServerResponse

  constructor(req: IncomingMessage, res: ServerResponse, method: string, path: string, query: string) {
    this.#req = req
    this.#res = res
    this.method = method
    this.path = path
    this.query = query
  }

  get address(): string | undefined {
    return this.#req.socket?.remoteAddress
  }

  header(name: string): string | undefined {
    const value = this.#req.headers[name]
    return typeof value === "string" ? value : value?.[0]
  }

  get signal(): AbortSignal {
    const controller = new AbortController()
    this.#res.once("close", () => controller.abort())
    return controller.signal
  }

  body(limit: number): Promise<ParsedBody> {
    const req = this.#req as IncomingMessage & { readonly body?: unknown }
    // Express's and Koa's body parsers leave what they read in `body`, and the stream is at its end.
    if (req.body !== undefined && (req.readableEnded || req.complete)) {
      return Promise.resolve(typeof req.body === "string" ? { text: req.body } : { parsed: req.body })
    }
    return this.#collect(limit, bodyDeadline, collector => ({ text: collector.text() }))
  }

  bytes(limit: number): Promise<Uint8Array> {
    const { body } = this.#req as IncomingMessage & { readonly body?: unknown }
    if (this.#req.readableEnded)
      return body instanceof Uint8Array ? Promise.resolve(body) : Promise.reject(bodyIsRead())
    return this.#collect(limit, bytesDeadline, collector => collector.bytes())
  }

  #collect<Result>(
    limit: number,
    deadline: number,
    finish: (collector: ReturnType<typeof createBodyCollector>) => Result,
  ): Promise<Result> {
    const req = this.#req
    return new Promise((resolve, reject) => {
      const collector = createBodyCollector(limit)
      const fail = (error: unknown) => {
        clearTimeout(timer)
        req.off("data", onData)
        req.resume()
        reject(error)
      }
      const incomplete = () => fail(incompleteBody())
      const timer = setTimeout(incomplete, deadline)
      const onData = (chunk: Uint8Array) => {
        try {
          collector.add(chunk)
        } catch (error) {
          fail(error)
        }
      }
      if (Number(req.headers["content-length"] ?? 0) > limit)
        return fail(new DengluError("payload_too_large"))
      req.on("data", onData)
      req.once("error", incomplete)
      req.once("aborted", incomplete)
      req.once("end", () => {
        clearTimeout(timer)
        try {
          resolve(finish(collector))
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}

/** Writes a reply. A client that left is none of our errors. */
function writeNodeReply(
  req: IncomingMessage,
  res: ServerResponse,
  reply: RouteReply,
  headOnly: boolean,
): void {
  if (res.headersSent || res.destroyed) return
  const { body } = reply
  const headers: OutgoingHttpHeaders = { ...reply.headers }
  if (reply.cookies !== undefined) headers["set-cookie"] = [...reply.cookies]
  if (reply.status !== 204 && typeof body !== "function") headers["content-length"] = Buffer.byteLength(body)
  // What is left of a body has to be read before the next request: of a small one Node does it, which costs less than a new connection.
  if (!req.complete && !isSmall(req)) headers.connection = "close"
  res.writeHead(reply.status, headers)
  // A text goes out in one write with the headers; a buffer would be a second one.
  if (headOnly || body === "") res.end()
  else if (typeof body === "function") void pour(body, res)
  else res.end(body)
}

/** Writes a stream as fast as the client reads it, until it ends or the client goes away. */
async function pour(stream: TextStream, res: ServerResponse): Promise<void> {
  const gone = new AbortController()
  res.once("close", () => gone.abort())
  // Else they wait in here until there is a body to go with.
  res.flushHeaders()
  try {
    for await (const text of stream(gone.signal)) {
      if (gone.signal.aborted) break
      if (!res.write(text)) await drained(res)
    }
    res.end()
  } catch {
    res.destroy()
  }
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      res.off("drain", go)
      res.off("close", go)
      resolve()
    }
    res.on("drain", go)
    res.on("close", go)
  })
}

/** Whether the body is known to be no larger than one we would have read. */
function isSmall({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= bodyLimit
}
