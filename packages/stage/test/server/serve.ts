import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener, request } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { onTestFinished } from "vitest"
import { type StartedStage, type StartStageOptions, startStage } from "../../src/index.ts"
import { type Files, onePage, writeProject } from "../compile/write-project.ts"

/** A stage for a mini program of one empty page, with these files over it, until the end of the test. */
export async function openStage(
  files: Files = {},
  options: Partial<StartStageOptions> = {},
): Promise<StartedStage & { readonly root: string }> {
  const root = options.root ?? writeProject({ ...onePage, ...files })
  const started = await startStage({ root, port: 0, ...options })
  onTestFinished(() => started.close())
  return { ...started, root }
}

/** A server of the developer's, until the end of the test. Answers its address. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Got {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly text: string
}

/** Not by `fetch`, which mends paths and sets Host and Origin by itself. */
export async function send(
  url: string,
  path: string,
  { method = "GET", headers = {}, body }: Sent = {},
): Promise<Got> {
  const { hostname, port } = new URL(url)
  const sent = request({ hostname, port, path, method, headers }).end(body)
  const [response] = (await once(sent, "response")) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) }
}

/** Sends a request through the relay, as the phone's page does. */
export function relay(
  stage: string,
  url: string,
  {
    method = "GET",
    header = {},
    headers = {},
    ...rest
  }: Sent & { readonly header?: Readonly<Record<string, string>> } = {},
): Promise<Got> {
  return send(stage, "/phone/relay", {
    ...rest,
    method: "POST",
    headers: {
      "x-relay-method": method,
      "x-relay-url": url,
      "x-relay-headers": encodeURIComponent(JSON.stringify(header)),
      ...headers,
    },
  })
}

/** Status and headers of what the relay brought. */
export function relayed({ headers, text }: Got) {
  return {
    status: Number(headers["x-relay-status"]),
    headers: JSON.parse(decodeURIComponent(String(headers["x-relay-headers"]))) as Record<string, string>,
    cookies: JSON.parse(decodeURIComponent(String(headers["x-relay-cookies"]))) as string[],
    text,
  }
}
