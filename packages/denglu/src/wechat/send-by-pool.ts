import type { Dispatcher, Pool } from "undici"
import type { Deadline } from "./deadline.ts"
import type { Outgoing, Sent } from "./send.ts"

/** Sends by a pool of connections. */
export function sendByPool(pool: Pool, outgoing: Outgoing, deadline: Deadline): Promise<Sent> {
  const { method, target, headers, body, limit } = outgoing
  if (deadline.passed) return Promise.resolve({ failure: "timeout", sent: false })
  return new Promise(resolve => {
    pool.dispatch({ method, path: target, headers, body }, new Exchange(limit, deadline, resolve))
  })
}

/** One request under way, as undici tells of it. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #limit: number
  readonly #deadline: Deadline
  readonly #resolve: (sent: Sent) => void
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #status = 0
  #contentType = ""
  #size = 0

  constructor(limit: number, deadline: Deadline, resolve: (sent: Sent) => void) {
    this.#limit = limit
    this.#deadline = deadline
    this.#resolve = resolve
    deadline.onPass = () => this.#cut("timeout")
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline passed while it was connecting: nothing is to be sent any more.
    if (this.#ended) controller.abort(new Error("timeout"))
    else this.#controller = controller
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const type = headers["content-type"]
    this.#status = status
    this.#contentType = typeof type === "string" ? type : ""
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size > this.#limit) this.#cut("too_large")
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [only] = this.#chunks
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks)
    this.#end({ raw: { status: this.#status, contentType: this.#contentType, body } })
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    this.#end({ failure: "network", sent: this.#controller !== undefined, cause })
  }

  #cut(failure: "timeout" | "too_large"): void {
    this.#end({ failure, sent: this.#controller !== undefined })
    this.#controller?.abort(new Error(failure))
  }

  #end(sent: Sent): void {
    if (this.#ended) return
    this.#ended = true
    this.#deadline.onPass = undefined
    this.#resolve(sent)
  }
}
