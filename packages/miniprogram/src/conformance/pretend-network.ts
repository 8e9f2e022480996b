import type { PretendReply, PretendRequest, PretendServer } from "./pretend-server.ts"
import type { PretendTime } from "./pretend-time.ts"

/**
 * What becomes of a request: `unreachable`, it fails before the server has seen it; `lost`, the server did its work and
 * the answer was lost on the way; `unanswered`, nothing ever comes back. A reply: the server answers that and does
 * nothing else.
 */
export type Fault = "unreachable" | "lost" | "unanswered" | PretendReply

/** How a request ended: with an answer, or as `wx.request` names it. */
export type Delivery = PretendReply | { readonly errMsg: string }

/** What was sent to somebody else. */
export interface ForeignRequest {
  readonly url: string
  readonly header: object
  readonly data: unknown
}

/** The way between the mini program and its server. */
export interface PretendNetwork {
  readonly foreign: readonly ForeignRequest[]
  /** From now on requests to a path meet a fault. @param times how many of them; default is all, until {@link heal} */
  fail(path: string, fault: Fault, times?: number): void
  heal(): void
  /** The answer to the next request of a path is kept back until the function is called that this answers. */
  hold(path: string): () => void
  /** @param deliver is called later, and once at most */
  send(url: string, request: PretendRequest, header: object, deliver: (delivery: Delivery) => void): void
}

export const baseUrl = "https://api.example"

export function createPretendNetwork(server: PretendServer, time: PretendTime): PretendNetwork {
  const foreign: ForeignRequest[] = []
  const faults = new Map<string, { readonly fault: Fault; left: number }>()
  const gates = new Map<string, Promise<void>>()

  function faultAt(path: string): Fault | undefined {
    const found = faults.get(path)
    if (!found || found.left-- < 1) return undefined
    return found.fault
  }

  function outcome(request: PretendRequest): Delivery | undefined {
    const fault = faultAt(request.path)
    if (fault === "unreachable") return { errMsg: "request:fail net::ERR_INTERNET_DISCONNECTED" }
    const reply = server.answer(request, typeof fault === "object" ? fault : undefined)
    if (fault === "unanswered") return undefined
    return fault === "lost" ? { errMsg: "request:fail timeout" } : reply
  }

  return {
    foreign,
    fail: (path, fault, times = Number.POSITIVE_INFINITY) => void faults.set(path, { fault, left: times }),
    heal: () => faults.clear(),
    hold(path) {
      let release = () => {}
      gates.set(path, new Promise(resolve => (release = resolve)))
      return release
    },
    send(url, request, header, deliver) {
      const later = (delivery: Delivery) => time.later(() => deliver(delivery))
      if (originOf(url) !== baseUrl) {
        foreign.push({ url, header, data: request.data })
        later({ status: 200, body: {} })
        return
      }
      const delivery = outcome(request)
      const gate = gates.get(request.path)
      gates.delete(request.path)
      if (!delivery) return
      if (gate) void gate.then(() => later(delivery))
      else later(delivery)
    },
  }
}

/** Scheme and host, as a browser would read them: what stands before an `@` is a name, not a host. */
function originOf(url: string): string {
  const [, scheme = "", authority = ""] = /^([a-z]+:\/\/)([^/?#]*)/i.exec(url) || []
  return scheme + authority.replace(/^.*@/, "")
}
