import { DengluError } from "../errors.ts"
import { createBodyCollector } from "./body.ts"
import type { Handler } from "./handler.ts"
import type { HttpReply, HttpRequest, ParsedBody } from "./message.ts"
import { withoutBasePath } from "./node.ts"
import { InvalidRequestError } from "./problem.ts"

export interface FetchOptions {
  /** The peer's address as the server has it, for rate limits. Left out, all such requests count as one address. */
  readonly address?: string | undefined
}

/** `fetch(Request) → Response`, for Hono, Next and every server of that shape. */
export type FetchHandler = (request: Request, options?: FetchOptions) => Promise<Response>

/** Binds the routes to `Request` and `Response`. What no route answers is a 404 or 405. */
export function createFetchHandler(handler: Handler, basePath: string): FetchHandler {
  return async (request, options = {}) => {
    const { pathname, search } = new URL(request.url)
    const reply = await handler.handle(
      fromRequest(request, withoutBasePath(pathname, basePath) ?? "", search.slice(1), options.address),
    )
    return toResponse(reply, request.method === "HEAD")
  }
}

export function toResponse(reply: HttpReply, headOnly = false): Response {
  const body = headOnly || reply.status === 204 ? null : reply.body
  const headers = new Headers(reply.headers)
  for (const cookie of reply.cookies ?? []) headers.append("set-cookie", cookie)
  return new Response(body, { status: reply.status, headers })
}

function fromRequest(
  request: Request,
  path: string,
  query: string,
  address: string | undefined,
): HttpRequest {
  return {
    method: request.method,
    path,
    query,
    header: name => request.headers.get(name) ?? undefined,
    address,
    signal: request.signal,
    body: limit => readRequestBody(request, limit),
  }
}

async function readRequestBody(request: Request, limit: number): Promise<ParsedBody> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw new DengluError("payload_too_large")
  if (request.body === null) return { text: "" }
  const collector = createBodyCollector(limit)
  try {
    for await (const chunk of request.body) collector.add(chunk)
  } catch (error) {
    if (error instanceof DengluError) throw error
    throw new InvalidRequestError([{ pointer: "", detail: "the body did not arrive whole" }])
  }
  return { text: collector.text() }
}
