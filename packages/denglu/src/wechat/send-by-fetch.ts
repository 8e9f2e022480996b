import type { Deadline } from "./deadline.ts"
import type { Outgoing, Sent } from "./send.ts"
import { reduceCause } from "./wechat-error.ts"

/** Sends by a `fetch` that was handed in, which may come from anywhere and need not obey its signal. */
export function sendByFetch(
  fetch: (request: Request) => Promise<Response>,
  origin: string,
  { method, target, headers, body, limit }: Outgoing,
  deadline: Deadline,
): Promise<Sent> {
  const aborter = new AbortController()
  const cut = new Promise<Sent>(resolve => {
    deadline.onPass = () => {
      resolve({ failure: "timeout", sent: true })
      aborter.abort()
    }
  })
  const work = async (): Promise<Sent> => {
    try {
      const request = new Request(origin + target, {
        method,
        headers,
        body,
        redirect: "manual",
        signal: aborter.signal,
      })
      const response = await fetch(request)
      const read = await readBody(response, limit, deadline)
      if (read === undefined) return { failure: "too_large", sent: true }
      return {
        raw: { status: response.status, contentType: response.headers.get("content-type") ?? "", body: read },
      }
    } catch (cause) {
      return { failure: "network", sent: !neverConnected(cause), cause }
    }
  }
  // A fetch that ignores its signal is left behind.
  return Promise.race([cut, work()])
}

async function readBody(response: Response, limit: number, deadline: Deadline): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    // Leaving the loop cancels the stream.
    if (size > limit || deadline.passed) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Whether the error says that no connection came about, so that nothing was sent. */
function neverConnected(error: unknown): boolean {
  const { code = "", syscall } = reduceCause(error)
  return syscall === "connect" || /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code)
}
