import { reasonOf, type WxDone } from "./answer-work.ts"
import { callBack, failed, succeeded, type WxCallbacks, type WxFailure } from "./callbacks.ts"
import { addressFailure } from "./domain-list.ts"
import type { NetworkParts } from "./network-calls.ts"
import type { PhoneNetwork } from "./network-state.ts"
import { pageHeaders, wrongHeader } from "./page-headers.ts"
import { createSocketTask, type SocketTask } from "./socket-task.ts"
import type { OpenSocket } from "./web-socket-like.ts"

export interface ConnectSocketOptions extends WxCallbacks<WxDone> {
  /** `wss://…` or `ws://…` */
  readonly url: string
  /** A Referer is overwritten. A browser sends none of them. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly protocols?: readonly string[]
  /** Milliseconds until it has to be open. Default is 60,000. */
  readonly timeout?: number
}

export interface SocketApi {
  /** `success` says that it is being connected to; the task tells of the rest. */
  connectSocket(options: ConnectSocketOptions): SocketTask
}

export interface SocketParts extends Omit<NetworkParts, "fetch"> {
  readonly network: PhoneNetwork
  readonly openSocket: OpenSocket
}

const atOnce = 5
const defaultTimeoutMs = 60_000

export function createSocketApi(parts: SocketParts): SocketApi {
  const { openSocket, network, domains, referer, timers, report } = parts
  const open = new Set<SocketTask>()

  function failureOf(url: string, headers: Readonly<Record<string, string>>): WxFailure | undefined {
    const address = addressFailure("connectSocket", url, domains, "ws")
    if (address !== undefined) return address
    const wrong = wrongHeader(headers)
    if (wrong !== undefined)
      return { errMsg: `connectSocket:fail header ${wrong} is invalid`, errno: 600_005 }
    if (!network.status().isConnected) return noConnection
    if (open.size >= atOnce) return { errMsg: "connectSocket:fail exceed max task count", errno: 600_007 }
    return undefined
  }

  return {
    connectSocket(options) {
      const { url, header, protocols = [], timeout = defaultTimeoutMs } = options
      const headers = pageHeaders(header, { referer })
      const { task, connect, refuse } = createSocketTask({ timers, report, closed: () => open.delete(task) })
      const failure = failureOf(url, headers) ?? started()
      const outcome = failure === undefined ? succeeded(connecting) : failed(failure.errMsg, failure.errno)
      queueMicrotask(() => {
        callBack(options, outcome, report)
        if (failure !== undefined) refuse(failure)
      })
      return task

      function started(): WxFailure | undefined {
        try {
          open.add(task)
          connect(openSocket(url, { header: headers, protocols }), timeout)
          return undefined
        } catch (error) {
          return { errMsg: `connectSocket:fail ${reasonOf(error)}`, errno: 600_000 }
        }
      }
    },
  }
}

const noConnection: WxFailure = {
  errMsg: "connectSocket:fail errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED",
  errno: 600_001,
}

const connecting: WxDone = { errMsg: "connectSocket:ok" }
