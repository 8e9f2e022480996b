import type { FlowContext } from "../login/flows.ts"
import { isOver, type ScanStatus, statusOf } from "../login/scan/scan-watch.ts"
import type { ScanStatusReply } from "../protocol/scan.ts"
import type { Scan } from "../store/store.ts"
import type { TextStream } from "./message.ts"

/** Milliseconds after which something is sent although nothing happened, so that proxies keep the connection. */
const heartbeatMs = 15_000
/** Milliseconds after which a browser comes again that was cut off. */
const comeAgainMs = 2_000

export function scanStatusReply(scan: Scan, now: number): ScanStatusReply {
  return {
    status: statusOf(scan, now),
    expires_in: Math.max(0, Math.ceil((scan.expiresAt - now) / 1000)),
  }
}

/**
 * What becomes of a ticket, as server-sent events: its status now, and each other one as it comes. Ends with the ticket, and when the server is about to
 * stop or too many wait: the browser comes again by itself then. Each message's id is its status.
 */
export function scanEvents({ scans, clock }: FlowContext, found: Scan): TextStream {
  return async function* events(signal) {
    yield `retry: ${comeAgainMs}\n\n`
    let scan = found
    let known: ScanStatus | undefined
    for (;;) {
      const reply = scanStatusReply(scan, clock())
      if (reply.status !== known) yield `id: ${reply.status}\ndata: ${JSON.stringify(reply)}\n\n`
      else yield ": still here\n\n"
      known = reply.status
      if (isOver(known) || scans.full) return
      scan = await scans.changed(scan, known, heartbeatMs, signal)
      if (signal.aborted) return
    }
  }
}
