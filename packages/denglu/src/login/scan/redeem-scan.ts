import { timingSafeEqual } from "node:crypto"
import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import type { Scan } from "../../store/store.ts"
import type { FlowContext } from "../flows.ts"
import { type IssuedTokens, issueTokens } from "../issue-tokens.ts"
import { scanOptions } from "./scan-options-of.ts"
import { digestOf } from "./start-scan.ts"

/** A ticket, and the secret of the browser that asked for it; `undefined` if it sends none. */
export interface ScanHolder {
  readonly id: string
  readonly secret: string | undefined
}

/** The browser's own ticket. @throws DengluError `ticket_invalid`: one answer for no ticket, another's, and no secret */
export async function findOwnScan(flow: FlowContext, { id, secret }: ScanHolder): Promise<Scan> {
  scanOptions(flow)
  const [scan] = secret === undefined ? [] : await flow.store.findScans([id])
  if (scan === undefined || !isSame(scan.secretDigest, digestOf(secret as string)))
    throw new DengluError("ticket_invalid")
  return scan
}

function isSame(kept: string, given: string): boolean {
  const [one, other] = [Buffer.from(kept), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/**
 * Opens the browser's session: once, and only for whoever has the secret. It lives as other sessions do, but no longer than
 * `scan.sessionLifetime`.
 *
 * @throws DengluError `ticket_pending`, `ticket_denied`, `ticket_invalid`
 */
export async function redeemScan(
  flow: FlowContext,
  holder: ScanHolder,
  requestId: string,
): Promise<IssuedTokens> {
  const { clock, events, options, random, store } = flow
  const { id, userAgent, secretDigest } = await findOwnScan(flow, holder)
  const now = clock()
  const most = Math.min(options.sessionAbsoluteLifetime, scanOptions(flow).sessionLifetime)
  const absoluteExpiresAt = now + most * 1000
  const outcome = await store.redeemScan({
    id,
    secretDigest,
    now,
    session: {
      id: newId(random),
      idleExpiresAt: Math.min(now + options.sessionIdleLifetime * 1000, absoluteExpiresAt),
      absoluteExpiresAt,
      userAgent,
    },
  })
  flow.scans.tell(id)
  if (outcome.kind !== "redeemed") throw new DengluError(`ticket_${outcome.kind}`)
  const { session, user } = outcome
  const { id: sessionId, appid, openedBy } = session
  events.emit("session.issued", { sessionId, userId: user.id, appid, isNew: false, openedBy, requestId })
  return issueTokens(flow, session, user, false)
}
