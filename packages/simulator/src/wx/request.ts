import type { WxCallbacks, WxFailure } from "./callbacks.ts"
import { addressFailure } from "./domain-list.ts"
import { createNetworkCalls, type NetworkParts, type NetworkTask, type Sending } from "./network-calls.ts"
import { refuseUnknown } from "./not-simulated.ts"
import { encodeRequest } from "./request-data.ts"
import { type RequestResult, readData } from "./request-result.ts"

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

export type RequestTask = NetworkTask

export interface RequestApi {
  /** Answers by callbacks only: what it returns is the task. */
  request<Data = unknown>(options: RequestOptions<Data>): RequestTask
}

const methods: ReadonlySet<string> = new Set("OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT".split(" "))

export function createRequestApi(parts: NetworkParts): RequestApi {
  const calls = createNetworkCalls("request", parts)
  return {
    request<Data>(options: RequestOptions<Data>): RequestTask {
      const task = calls.start<RequestResult<Data>>({
        sending: encode(options, parts),
        callbacks: options,
        timeout: options.timeout,
        read: async (response, head) => {
          const data = (await readData(response, options)) as Data
          return { data, ...head, errMsg: "request:ok" }
        },
      })
      return refuseUnknown<RequestTask>("RequestTask", task)
    },
  }
}

/** The request as it will be sent, or why it will not. */
function encode(options: RequestOptions<never>, { domains, referer }: NetworkParts): Sending | WxFailure {
  const { url, header, data, redirect = "follow" } = options
  const method = (options.method ?? "GET").toUpperCase()
  if (!methods.has(method)) return { errMsg: "request:fail method is invalid", errno: 600_005 }
  const failure = addressFailure("request", url, domains)
  if (failure !== undefined) return failure
  const encoded = encodeRequest({ url, method, header, data }, referer)
  return "errMsg" in encoded ? encoded : { ...encoded, method, redirect }
}
