import { DengluError } from "../errors.ts"
import { bytesDeadline, createBodyCollector, incompleteBody } from "./body.ts"
import type { Handler } from "./handler.ts"
import type { HttpRequest, ParsedBody, RouteReply, TextStream } from "./message.ts"
import { withoutBasePath } from "./node.ts"

export interface FetchOptions {
  /** The peer's address as the server has it, for rate limits. Left out, all such requests count as one address. */
  readonly address?: string | undefined
}

/** `fetch(Request) → Response`, for Hono, Next and every server of that shape. */
export type FetchHandler = (request: Request, options?: FetchOptions) => Promise<Response>

/** Binds the routes to `Request` and `Response`. What no route answers is a 404 or 405. */
export function createFetchHandler(handler: Handler, basePath: string): FetchHandler {
  return async (request, options = {}) => {
    const url = new URL(request.url)
    const path = withoutBasePath(url.pathname, basePath) ?? ""
    const reply = await handler.handle(fromRequest(request, url, path, options.address))
    return toResponse(reply, request.method === "HEAD")
  }
}

export function toResponse(reply: RouteReply, headOnly = false): Response {
  const { status, cookies = [], body } = reply
  const headers = new Headers(reply.headers)
  for (const cookie of cookies) headers.append("set-cookie", cookie)
  if (headOnly || status === 204) return new Response(null, { status, headers })
  return new Response(typeof body === "function" ? readable(body) : body, { status, headers })
}

/** A stream that gives as much as is read, and ends with its reader. */
function readable(stream: TextStream): ReadableStream<Uint8Array> {
  const gone = new AbortController()
  const bytes = new TextEncoder()
  let texts: AsyncIterator<string> | undefined
  return new ReadableStream({
    async pull(controller) {
      texts ??= stream(gone.signal)[Symbol.asyncIterator]()
      const { done, value } = await texts.next()
      if (done === true) controller.close()
      else controller.enqueue(bytes.encode(value))
    },
    async cancel() {
      gone.abort()
      await texts?.return?.()
    },
  })
}

function fromRequest(
  request: Request,
  { host, search }: URL,
  path: string,
  address: string | undefined,
): HttpRequest {
  return {
    method: request.method,
    path,
    query: search.slice(1),
    // A Request has its host in its URL; servers leave the header out.
    header: name => request.headers.get(name) ?? (name === "host" ? host : undefined),
    address,
    signal: request.signal,
    body: limit => readRequestBody(request, limit),
    bytes: limit => readRequestBytes(request, limit),
  }
}

async function readRequestBody(request: Request, limit: number): Promise<ParsedBody> {
  if (request.body === null) return { text: "" }
  return { text: (await collect(request, limit)).text() }
}

async function readRequestBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array()
  return (await collect(request, limit)).bytes()
}

/** Reads a body to its end, its limit or its time; a stream that stays away is let go. */
async function collect(request: Request, limit: number): Promise<ReturnType<typeof createBodyCollector>> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw new DengluError("payload_too_large")
  const collector = createBodyCollector(limit)
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let timer: NodeJS.Timeout | undefined
  try {
    reader = (request.body as ReadableStream<Uint8Array>).getReader()
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(incompleteBody()), bytesDeadline)
    })
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) return collector
      collector.add(value)
    }
  } catch (error) {
    void reader?.cancel().catch(() => {})
    throw error instanceof DengluError ? error : incompleteBody()
  } finally {
    clearTimeout(timer)
  }
}
