import { reasonOf, type WxDone } from "./answer-work.ts"
import { isArrayBuffer } from "./array-buffer.ts"
import {
  callBack,
  failed,
  type ReportThrown,
  succeeded,
  type WxCallbacks,
  type WxFailure,
  type WxOutcome,
} from "./callbacks.ts"
import { createListeners } from "./listeners.ts"
import { refuseUnknown } from "./not-simulated.ts"
import type { Timers } from "./timers.ts"
import type { WebSocketLike } from "./web-socket-like.ts"

export interface SocketClosed {
  readonly code: number
  readonly reason: string
}

export interface SendOptions extends WxCallbacks<WxDone> {
  readonly data: string | ArrayBuffer
}

export interface CloseOptions extends WxCallbacks<WxDone> {
  /** 1000, which is the default, or 3000 to 4999. */
  readonly code?: number
  readonly reason?: string
}

/** A connection. Answers by callbacks only. */
export interface SocketTask {
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSING: 2
  readonly CLOSED: 3
  readonly readyState: 0 | 1 | 2 | 3
  /** The headers of the answer are not to be had: empty. */
  onOpen(listener: (opened: { readonly header: Readonly<Record<string, string>> }) => void): void
  onMessage(listener: (message: { readonly data: string | ArrayBuffer }) => void): void
  onError(listener: (failure: WxFailure) => void): void
  onClose(listener: (closed: SocketClosed) => void): void
  send(options: SendOptions): void
  close(options?: CloseOptions): void
}

interface Parts {
  readonly timers: Timers
  readonly report: ReportThrown
  /** Runs once it is closed, or came to nothing. */
  readonly closed: () => void
}

interface StartedTask {
  readonly task: SocketTask
  readonly connect: (socket: WebSocketLike, timeoutMs: number) => void
  /** Says why there will be no connection. */
  readonly refuse: (failure: WxFailure) => void
}

const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const
const abnormal = 1006

export function createSocketTask({ timers, report, closed }: Parts): StartedTask {
  const opens = createListeners<{ readonly header: Readonly<Record<string, string>> }>(report)
  const messages = createListeners<{ readonly data: string | ArrayBuffer }>(report)
  const errors = createListeners<WxFailure>(report)
  const closes = createListeners<SocketClosed>(report)
  let state: SocketTask["readyState"] = states.CONNECTING
  let socket: WebSocketLike | undefined
  let timer: unknown

  function end(how: SocketClosed | undefined): void {
    if (state === states.CLOSED) return
    state = states.CLOSED
    timers.clearTimeout(timer)
    closed()
    if (how !== undefined) closes.tell(how)
  }

  function tooLate(): void {
    errors.tell({ errMsg: "connectSocket:fail timeout", errno: 5 })
    end({ code: abnormal, reason: "abnormal closure" })
    socket?.close()
  }

  function connect(opened: WebSocketLike, timeoutMs: number): void {
    socket = opened
    socket.binaryType = "arraybuffer"
    timer = timers.setTimeout(tooLate, timeoutMs)
    socket.addEventListener("open", () => {
      if (state !== states.CONNECTING) return
      state = states.OPEN
      timers.clearTimeout(timer)
      opens.tell({ header: {} })
    })
    socket.addEventListener("message", ({ data }) => {
      if (state === states.OPEN) messages.tell({ data: isArrayBuffer(data) ? data : String(data) })
    })
    socket.addEventListener("error", ({ message }) => {
      if (state !== states.CLOSED) errors.tell({ errMsg: message || "WebSocket error" })
    })
    socket.addEventListener("close", ({ code = abnormal, reason }) =>
      end({ code, reason: reason || (code === abnormal ? "abnormal closure" : "") }),
    )
  }

  function send({ data }: SendOptions): WxOutcome<WxDone> {
    if (state !== states.OPEN) return failed("SocketTask.send:fail SocketTask.readyState is not OPEN")
    if (typeof data !== "string" && !isArrayBuffer(data))
      return failed("SocketTask.send:fail data has to be a text or an ArrayBuffer")
    return done("sendSocketMessage", () => socket?.send(data))
  }

  function close({ code = 1000, reason = "" }: CloseOptions): WxOutcome<WxDone> {
    if (state === states.CLOSED) return failed("SocketTask.close:fail SocketTask.readyState is CLOSED")
    const before = state
    state = states.CLOSING
    const outcome = done("closeSocket", () => socket?.close(code, reason))
    if (!outcome.ok) state = before
    return outcome
  }

  const task: SocketTask = {
    ...states,
    get readyState() {
      return state
    },
    onOpen: opens.on,
    onMessage: messages.on,
    onError: errors.on,
    onClose: closes.on,
    send: options => later(options, send(options), report),
    close: (options = {}) => later(options, close(options), report),
  }
  return {
    task: refuseUnknown("SocketTask", task),
    connect,
    refuse(failure) {
      errors.tell(failure)
      end(undefined)
    },
  }
}

function done(api: string, work: () => void): WxOutcome<WxDone> {
  try {
    work()
    return succeeded({ errMsg: `${api}:ok` })
  } catch (error) {
    return failed(`${api}:fail ${reasonOf(error)}`)
  }
}

function later(options: WxCallbacks<WxDone>, outcome: WxOutcome<WxDone>, report: ReportThrown): void {
  queueMicrotask(() => callBack(options, outcome, report))
}
