import { Socket } from "node:net"
import type { Pool } from "undici"
import type { Clock } from "../clock.ts"
import { type CallSlots, createCallSlots } from "./call-slots.ts"
import type { Caller, WeChatReply, WeChatRequest } from "./caller.ts"
import { createCircuitBreaker, type Outcome } from "./circuit-breaker.ts"
import { type Deadline, pause, startDeadline } from "./deadline.ts"
import { readReply } from "./read-reply.ts"
import type { Outgoing, Send, SendFailure } from "./send.ts"
import { sendByFetch } from "./send-by-fetch.ts"
import { sendByPool } from "./send-by-pool.ts"
import { badReply, reduceCause, WeChatError } from "./wechat-error.ts"

export type { Caller, WeChatRequest } from "./caller.ts"

export interface CallerOptions {
  readonly baseUrl: string
  /** Deadline of a call as a whole, in milliseconds: waiting, connecting, answering, retrying. Default is 3,000. */
  readonly timeoutMs?: number
  /** Deadline of a connection, in milliseconds. Default is 1,000. */
  readonly connectTimeoutMs?: number
  /** Connections at most, and so calls under way. Default is 256. */
  readonly poolSize?: number
  /** Calls under way and waiting at most. Default is 1,024. */
  readonly maxConcurrent?: number
  /** Sends the requests instead of the connection pool. */
  readonly fetch?: (request: Request) => Promise<Response>
  readonly clock: Clock
}

/** The one place that talks to WeChat: deadlines, encoding, retries and the keeping of secrets are decided here. */
export function createCaller(options: CallerOptions): Caller {
  const {
    timeoutMs = 3_000,
    connectTimeoutMs = 1_000,
    poolSize = 256,
    maxConcurrent = 1_024,
    clock,
  } = options
  const { origin } = new URL(options.baseUrl)
  const slots = createCallSlots({ underWay: poolSize, total: maxConcurrent })
  const breaker = createCircuitBreaker({ clock })
  let closed = false
  let retries = 0
  let pool: Promise<Pool> | undefined

  // undici takes long to load, which a process that never logs anybody in need not wait for.
  const openPool = async () => {
    const undici = await import("undici")
    return new undici.Pool(origin, {
      connections: poolSize,
      pipelining: 1,
      connect: createConnector(undici, connectTimeoutMs),
      // One deadline covers all; undici's own timers would only cost.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 15_000,
    })
  }

  const { fetch } = options
  const send: Send =
    fetch === undefined
      ? async (outgoing, deadline) => {
          pool ??= openPool()
          return sendByPool(await pool, outgoing, deadline)
        }
      : (outgoing, deadline) => sendByFetch(fetch, origin, outgoing, deadline)

  async function exchange(request: WeChatRequest, deadline: Deadline): Promise<WeChatReply> {
    const outgoing = prepare(request)
    const first = await attempt(request, outgoing, deadline)
    if ("reply" in first) return first.reply
    if (!first.again) throw first.error
    // Spread out, so that those who failed together don't come back together.
    retries += 1
    const spread = (retries * 61) % 101
    const busy = first.error.errcode === -1
    if (!(await pause(busy ? 100 + spread : 20 + spread / 2, deadline))) throw first.error
    const second = await attempt(request, outgoing, deadline)
    if ("reply" in second) return second.reply
    // WeChat took the code though it said that it is busy: it was us who used it, not the client.
    throw busy && second.error.errcode === 40163 ? first.error : second.error
  }

  async function attempt(request: WeChatRequest, outgoing: Outgoing, deadline: Deadline): Promise<Attempt> {
    const sent = await send(outgoing, deadline)
    if ("failure" in sent) {
      const again = sent.failure === "network" && !sent.sent
      return { error: failureError(request.endpoint, sent, outgoing.limit, timeoutMs), again }
    }
    try {
      return { reply: readReply(request, sent.raw) }
    } catch (error) {
      if (!(error instanceof WeChatError)) throw error
      return { error, again: error.errcode === -1 && request.retry === "busy" }
    }
  }

  return {
    async call(request) {
      const { endpoint } = request
      if (closed)
        throw new WeChatError("wechat_unreachable", { endpoint, kind: "overload", detail: "already closed" })
      const admission = breaker.admit()
      if (typeof admission === "number") throw circuitOpen(endpoint, admission)
      const deadline = startDeadline(timeoutMs)
      let outcome: Outcome = "unknown"
      try {
        const slot = takeSlot(slots, deadline)
        const waited = typeof slot !== "boolean"
        if (!(await slot)) throw overload(endpoint)
        try {
          const reply = await exchange(request, deadline)
          outcome = "came_through"
          return reply
        } catch (error) {
          // Where much of the time went by in our own line, its end says nothing about WeChat.
          if (error instanceof WeChatError && !(waited && error.kind === "timeout"))
            outcome = error.kind === "errcode" ? "came_through" : "failed"
          throw error
        } finally {
          slots.release()
        }
      } finally {
        deadline.stop()
        admission.report(outcome)
      }
    },
    async close() {
      closed = true
      await slots.idle()
      await (await pool)?.destroy()
    },
  }
}

type Attempt = { readonly reply: WeChatReply } | { readonly error: WeChatError; readonly again: boolean }

function prepare({ method, path, query, json, accept = "json", bodyLimit }: WeChatRequest): Outgoing {
  return {
    method,
    target: query === undefined ? path : `${path}?${new URLSearchParams(query)}`,
    headers: json === undefined ? {} : { "content-type": "application/json" },
    body: json === undefined ? null : JSON.stringify(json),
    limit: bodyLimit ?? (accept === "json" ? 65_536 : 4_194_304),
  }
}

/** Connections with a deadline to the millisecond. That of undici ticks every half second, so two tries wouldn't fit. */
function createConnector({ buildConnector, errors }: typeof import("undici"), timeoutMs: number) {
  const connect = buildConnector({ timeout: 0 })
  const connector: ReturnType<typeof buildConnector> = (target, callback) => {
    const ended: typeof callback = (...result) => {
      clearTimeout(timer)
      callback(...result)
    }
    // undici's types keep quiet about the socket it answers, which must not be left dangling.
    const socket: unknown = connect(target, ended)
    const timer = setTimeout(() => {
      if (socket instanceof Socket) socket.destroy(new errors.ConnectTimeoutError())
    }, timeoutMs)
    return socket
  }
  return connector
}

function takeSlot(slots: CallSlots, deadline: Deadline): boolean | Promise<boolean> {
  let go: ((taken: boolean) => void) | undefined
  const leave = slots.take(() => {
    deadline.onPass = undefined
    go?.(true)
  })
  if (typeof leave === "boolean") return leave
  return new Promise(resolve => {
    go = resolve
    deadline.onPass = () => {
      leave()
      resolve(false)
    }
  })
}

function failureError(
  endpoint: string,
  { failure, sent, cause }: SendFailure,
  limit: number,
  timeoutMs: number,
): WeChatError {
  if (failure === "too_large") return badReply(endpoint, `the answer is longer than ${limit} bytes`)
  if (failure === "timeout") {
    const detail = `no answer within ${timeoutMs} ms`
    return new WeChatError("wechat_unreachable", { endpoint, kind: "timeout", detail, retryable: !sent })
  }
  const { code = "unknown reason" } = reduceCause(cause)
  const detail = `${sent ? "the connection broke" : "no connection"} (${code})`
  return new WeChatError("wechat_unreachable", { endpoint, kind: "network", detail, retryable: !sent, cause })
}

function overload(endpoint: string): WeChatError {
  const detail = "too many calls under way"
  return new WeChatError("wechat_busy", {
    endpoint,
    kind: "overload",
    detail,
    retryable: true,
    retryAfter: 1,
  })
}

function circuitOpen(endpoint: string, retryAfter: number): WeChatError {
  const detail = `WeChat could not be reached of late; next try in ${retryAfter} s`
  return new WeChatError("wechat_unreachable", {
    endpoint,
    kind: "circuit_open",
    detail,
    retryable: true,
    retryAfter,
  })
}
