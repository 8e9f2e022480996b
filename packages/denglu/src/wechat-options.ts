import { url } from "./option-checks.ts"

export interface WeChatOptions {
  /** Where WeChat is. Default is `https://api.weixin.qq.com`. Only `https:`; for a simulated WeChat use `simulator`. */
  readonly baseUrl?: string
  /** Address of a simulated WeChat on this machine, `http://127.0.0.1:3001`. Never in production. */
  readonly simulator?: string
  /** Deadline of the whole call, in milliseconds. Default is 3,000. */
  readonly timeoutMs?: number
  /** Deadline of the connection, in milliseconds. Default is 1,000. */
  readonly connectTimeoutMs?: number
  /** Connections kept to WeChat at most. Default is 256. One serves one call at a time. */
  readonly poolSize?: number
  /** Calls under way and waiting at most; what comes on top is told to come back. Default is 1,024. */
  readonly maxConcurrent?: number
  /** Sends the requests instead of a connection pool of our own: for a gateway of yours, or a simulated WeChat in the same process. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/** How WeChat is reached, checked. */
export type SettledWeChat = { readonly baseUrl: string } & Omit<WeChatOptions, "baseUrl" | "simulator">

/** @throws TypeError that names the option and says what to write */
export function settleWeChat(options: WeChatOptions): SettledWeChat {
  const { baseUrl, simulator, ...rest } = options
  if (simulator !== undefined) {
    const { protocol, hostname, origin } = url("wechat.simulator", simulator)
    if (protocol !== "http:" || !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
      throw new TypeError("wechat.simulator must be on this machine: http://127.0.0.1:3001")
    return { ...rest, baseUrl: origin }
  }
  const { protocol, origin } = url("wechat.baseUrl", baseUrl ?? "https://api.weixin.qq.com")
  if (protocol !== "https:")
    throw new TypeError(
      'wechat.baseUrl must be https; for a simulated WeChat write wechat: { simulator: "http://127.0.0.1:3001" }',
    )
  return { ...rest, baseUrl: origin }
}
