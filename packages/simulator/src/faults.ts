import { type Family, failure, type Reply } from "./reply.ts"

/** Every way in which the pretend WeChat can misbehave. */
export const faultKinds = [
  "busy",
  "rate_limited",
  "quota",
  "blocked",
  "ip_not_allowed",
  "errcode",
  "slow",
  "reset",
  "truncated",
  "empty",
  "html",
  "wrong_json",
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface FaultSettings {
  readonly kind: FaultKind
  /** Only calls of this endpoint (`jscode2session`). Default is all. */
  readonly endpoint?: string
  /** How many calls it meets. Default is all until it is cleared. */
  readonly times?: number
  /** Whether the endpoint does its work (and so uses up the code) before it misbehaves. Default is false. */
  readonly afterConsume?: boolean
  /** Only with `errcode`. Default is -1. */
  readonly errcode?: number
  /** Only with `slow`: how long (ms) it takes. Default is 10,000. */
  readonly delayMs?: number
}

export interface Fault extends FaultSettings {
  left: number
}

const errcodes: Partial<Record<FaultKind, number>> = {
  busy: -1,
  rate_limited: 45011,
  quota: 45009,
  blocked: 40226,
  ip_not_allowed: 40164,
}

/** The faults that are switched on. */
export interface Faults {
  /** @throws TypeError for a kind or a field there is not */
  add(settings: FaultSettings): void
  clear(): void
  list(): readonly FaultSettings[]
  /** The fault that meets this call, if one does; it counts. */
  take(endpoint: string): FaultSettings | undefined
}

export function createFaults(): Faults {
  let faults: Fault[] = []
  return {
    add(settings) {
      if (!faultKinds.includes(settings.kind))
        throw new TypeError(
          `there is no fault "${String(settings.kind)}"; there are ${faultKinds.join(", ")}`,
        )
      const { times = Number.POSITIVE_INFINITY, errcode = -1, delayMs = 10_000 } = settings
      if (!(times >= 1)) throw new TypeError("times is a number from 1")
      if (!Number.isSafeInteger(errcode) || errcode === 0)
        throw new TypeError("errcode is a whole number other than 0")
      if (!(delayMs >= 0 && delayMs <= 600_000)) throw new TypeError("delayMs is from 0 to 600,000")
      faults.push({ ...settings, left: times })
    },
    clear() {
      faults = []
    },
    list: () =>
      faults.map(({ left, ...settings }) => (left === Infinity ? settings : { ...settings, times: left })),
    take(endpoint) {
      const fault = faults.find(candidate => (candidate.endpoint ?? endpoint) === endpoint)
      if (fault === undefined) return undefined
      fault.left -= 1
      if (fault.left <= 0) faults = faults.filter(candidate => candidate !== fault)
      return fault
    },
  }
}

/** What the wire carries: a reply, one that comes late, one that breaks off, or none at all. */
export type Wire =
  | { readonly kind: "reply"; readonly reply: Reply; readonly status: number; readonly delayMs: number }
  | { readonly kind: "truncated"; readonly reply: Reply }
  | { readonly kind: "reset" }

const gatewayPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

/** What a fault makes of a call. `work` does what the endpoint does; a fault that comes before it never calls it. */
export function applyFault(
  { kind, afterConsume = false, errcode = -1, delayMs = 10_000 }: FaultSettings,
  family: Family,
  now: number,
  work: () => Reply,
): Wire {
  const text = (contentType: string, body: string): Reply => ({ contentType, body, errcode: 0 })
  // Whatever is slow or breaks off has a true reply; the others do their work only if they are told to.
  const answer = kind === "slow" || kind === "truncated" || afterConsume ? work() : undefined
  const plain = (reply: Reply, status = 200): Wire => ({ kind: "reply", reply, status, delayMs: 0 })
  switch (kind) {
    case "slow":
      return { kind: "reply", reply: answer as Reply, status: 200, delayMs }
    case "truncated":
      return { kind: "truncated", reply: answer as Reply }
    case "reset":
      return { kind: "reset" }
    case "empty":
      return plain(text("text/html; charset=gbk", ""))
    case "html":
      return plain(text("text/html", gatewayPage), 502)
    case "wrong_json":
      return plain(text("text/plain", "[]"))
    default:
      return plain(failure(family, errcodes[kind] ?? errcode, now))
  }
}
