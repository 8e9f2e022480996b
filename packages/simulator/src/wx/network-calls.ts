import {
  callBack,
  firstOutcome,
  type ReportThrown,
  succeeded,
  type WxCallbacks,
  type WxFailure,
} from "./callbacks.ts"
import { createListeners } from "./listeners.ts"
import { requestFailure } from "./request-failure.ts"
import { createRequestQueue } from "./request-queue.ts"
import { headOf, type ResponseHead } from "./request-result.ts"
import type { Timers } from "./timers.ts"

/** What every task of `wx.request`, `wx.uploadFile` and `wx.downloadFile` can do. */
export interface NetworkTask {
  abort(): void
  onHeadersReceived(listener: (head: ResponseHead) => void): void
  /** Without a listener all of them go. */
  offHeadersReceived(listener?: (head: ResponseHead) => void): void
}

/** What all APIs that ask a server are made of. */
export interface NetworkParts {
  readonly fetch: typeof globalThis.fetch
  /** Origins that may be asked; `undefined` is all. */
  readonly domains: readonly string[] | undefined
  /** The Referer that WeChat puts in, whatever the page says. */
  readonly referer: string
  readonly timers: Timers
  readonly report: ReportThrown
}

/** What goes over the wire. */
export interface Sending {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | ArrayBuffer | null
  readonly redirect?: "follow" | "manual"
}

export interface NetworkCall<Result> {
  /** Or why it is not sent. */
  readonly sending: Sending | WxFailure
  readonly callbacks: WxCallbacks<Result>
  /** Milliseconds, counted from the sending. Default is 60,000. */
  readonly timeout: number | undefined
  /** Runs when the server answers, before anyone hears of the headers. */
  readonly sent?: () => void
  readonly read: (response: Response, head: ResponseHead) => Promise<Result>
}

const defaultTimeoutMs = 60_000
const atOnce = 10

/** Starts the calls of the API named `api`: ten at once, the others wait. */
export function createNetworkCalls(
  api: string,
  { fetch, timers, report }: NetworkParts,
): { readonly start: <Result>(call: NetworkCall<Result>) => NetworkTask } {
  const queue = createRequestQueue(atOnce)

  return {
    start<Result>({ sending, callbacks, timeout, sent, read }: NetworkCall<Result>): NetworkTask {
      const cut = new AbortController()
      const heads = createListeners<ResponseHead>(report)
      const answered = firstOutcome<Result>()
      const { resolve } = answered
      void answered.promise.then(outcome => callBack(callbacks, outcome, report))
      const stop = (failure: WxFailure) => {
        resolve({ ok: false, failure })
        cut.abort()
      }

      async function send({ url, ...init }: Sending, network: typeof globalThis.fetch): Promise<void> {
        const late = () => stop({ errMsg: `${api}:fail timeout`, errno: 5 })
        const timer = timers.setTimeout(late, timeout ?? defaultTimeoutMs)
        void answered.promise.then(() => timers.clearTimeout(timer))
        try {
          const response = await network(url, { ...init, signal: cut.signal })
          const head = headOf(response)
          if (!cut.signal.aborted) {
            sent?.()
            heads.tell(head)
          }
          resolve(succeeded(await read(response, head)))
        } catch (error) {
          resolve({ ok: false, failure: requestFailure(error, api) })
        }
      }

      if ("errMsg" in sending) resolve({ ok: false, failure: sending })
      else {
        const leave = queue.enter(done => {
          void send(sending, fetch)
          void answered.promise.then(done)
        })
        void answered.promise.then(leave)
      }

      return {
        abort: () => stop({ errMsg: `${api}:fail abort` }),
        onHeadersReceived: heads.on,
        offHeadersReceived: heads.off,
      }
    },
  }
}
