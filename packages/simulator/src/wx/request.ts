import {
  callBack,
  firstOutcome,
  guarded,
  type ReportThrown,
  succeeded,
  type WxCallbacks,
  type WxFailure,
} from "./callbacks.ts"
import { isListed, originOf } from "./domain-list.ts"
import { refuseUnknown } from "./not-simulated.ts"
import { type EncodedRequest, encodeRequest } from "./request-data.ts"
import { requestFailure } from "./request-failure.ts"
import { createRequestQueue } from "./request-queue.ts"
import { headOf, type RequestResult, type ResponseHead, readData } from "./request-result.ts"
import type { Timers } from "./timers.ts"

export interface RequestOptions<Data = unknown> extends WxCallbacks<RequestResult<Data>> {
  readonly url: string
  /** Default is GET. There is no PATCH. */
  readonly method?: string
  /** An object, a text or an ArrayBuffer. */
  readonly data?: unknown
  /** Default is `content-type: application/json`. A Referer is overwritten. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Milliseconds, counted from the sending. Default is 60,000. */
  readonly timeout?: number
  /** Default is `json`, which tries to parse; anything else leaves the text. */
  readonly dataType?: string
  readonly responseType?: "text" | "arraybuffer"
  readonly redirect?: "follow" | "manual"
}

export interface RequestTask {
  abort(): void
  onHeadersReceived(listener: (head: ResponseHead) => void): void
  /** Without a listener all of them go. */
  offHeadersReceived(listener?: (head: ResponseHead) => void): void
}

export interface RequestApi {
  /** Answers by callbacks only: what it returns is the task. */
  request<Data = unknown>(options: RequestOptions<Data>): RequestTask
}

interface Parts {
  readonly appid: string
  readonly fetch: typeof globalThis.fetch
  readonly domains: readonly string[] | undefined
  readonly timers: Timers
  readonly report: ReportThrown
}

const defaultTimeoutMs = 60_000
const requestsAtOnce = 10
const methods: ReadonlySet<string> = new Set("OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT".split(" "))

export function createRequestApi({ appid, fetch, domains, timers, report }: Parts): RequestApi {
  const queue = createRequestQueue(requestsAtOnce)
  const referer = `https://servicewechat.com/${appid}/devtools/page-frame.html`

  return {
    request<Data>(options: RequestOptions<Data>): RequestTask {
      const cut = new AbortController()
      const heads = new Set<(head: ResponseHead) => void>()
      const answered = firstOutcome<RequestResult<Data>>()
      const { resolve } = answered
      void answered.promise.then(outcome => callBack(options, outcome, report))
      const stop = (failure: WxFailure) => {
        resolve({ ok: false, failure })
        cut.abort()
      }

      async function send(
        { url, headers, body }: EncodedRequest,
        network: typeof globalThis.fetch,
      ): Promise<void> {
        const { timeout = defaultTimeoutMs, redirect = "follow" } = options
        const timer = timers.setTimeout(() => stop({ errMsg: "request:fail timeout", errno: 5 }), timeout)
        void answered.promise.then(() => timers.clearTimeout(timer))
        try {
          const method = methodOf(options)
          const response = await network(url, { method, headers, body, redirect, signal: cut.signal })
          const head = headOf(response)
          if (!cut.signal.aborted) for (const listener of heads) guarded(listener, head, report)
          const data = (await readData(response, options)) as Data
          resolve(succeeded({ data, ...head, errMsg: "request:ok" }))
        } catch (error) {
          resolve({ ok: false, failure: requestFailure(error) })
        }
      }

      const encoded = encode(options, domains, referer)
      if ("errMsg" in encoded) resolve({ ok: false, failure: encoded })
      else {
        const leave = queue.enter(done => {
          void send(encoded, fetch)
          void answered.promise.then(done)
        })
        void answered.promise.then(leave)
      }

      return refuseUnknown<RequestTask>("RequestTask", {
        abort: () => stop({ errMsg: "request:fail abort" }),
        onHeadersReceived: listener => void heads.add(listener),
        offHeadersReceived: listener =>
          listener === undefined ? heads.clear() : void heads.delete(listener),
      })
    },
  }
}

function methodOf({ method = "GET" }: RequestOptions<never>): string {
  return method.toUpperCase()
}

/** The request as it will be sent, or why it will not. */
function encode(
  options: RequestOptions<never>,
  domains: readonly string[] | undefined,
  referer: string,
): EncodedRequest | WxFailure {
  const method = methodOf(options)
  if (!methods.has(method)) return { errMsg: "request:fail method is invalid", errno: 600_005 }
  const origin = originOf(options.url)
  if (origin === undefined) return { errMsg: "request:fail invalid url", errno: 600_009 }
  if (!isListed(origin, domains)) return { errMsg: "request:fail url not in domain list", errno: 600_002 }
  const { url, header, data } = options
  return encodeRequest({ url, method, header, data }, referer)
}
