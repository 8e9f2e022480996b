import type { AuditType } from "./audit-store.ts"
import { writeInMemory } from "./memory-opening.ts"
import type { MemoryState, RunInMemory } from "./memory-state.ts"
import { judgeAnswer, judgeOpening, judgeRedemption, keepScansFor } from "./scan-rules.ts"
import type {
  ConfirmScan,
  DenyScan,
  OpenScanOutcome,
  RedeemScanOutcome,
  Scan,
  ScanStore,
} from "./scan-store.ts"
import { isLive, openedByScan } from "./session-rules.ts"
import type { UserProfile } from "./store.ts"

/** A ticket, and the session on the phone that opened it. */
export interface KeptScan extends Scan {
  readonly sessionId: string | null
}

/** Logins by scanning, in memory. */
export function scansInMemory(state: MemoryState, run: RunInMemory): ScanStore {
  const { scans, scanOfScene, sessions, audit } = state

  function record(
    type: AuditType,
    { id, userId, sessionId, now }: ConfirmScan | DenyScan,
    appid: string,
    reason?: string,
  ): void {
    const event = { id: `${id}:${type}`, at: now, type, userId, sessionId, appid, actor: "user" } as const
    audit.push(reason === undefined ? event : { ...event, detail: { reason } })
  }

  return {
    createScan: scan =>
      run(() => {
        scans.set(scan.id, { ...scan, state: "waiting", userId: null, sessionId: null })
        scanOfScene.set(scan.sceneDigest, scan.id)
      }),

    findScans: ids =>
      run(() =>
        ids.flatMap(id => {
          const kept = scans.get(id)
          return kept === undefined ? [] : [withoutSession(kept)]
        }),
      ),

    openScan: request =>
      run((): OpenScanOutcome => {
        const { sceneDigest, userId, sessionId, appid, now } = request
        const asking = sessions.get(sessionId)
        if (asking === undefined || asking.revokedAt !== null || asking.openedBy !== "code")
          return { kind: "not_scanned" }
        const kept = scans.get(scanOfScene.get(sceneDigest) ?? "")
        if (kept?.state !== "waiting" || kept.appid !== appid || kept.expiresAt <= now)
          return judgeOpening(kept === undefined ? undefined : withoutSession(kept), request)
        const opened = { ...kept, state: "opened", userId, sessionId } as const
        scans.set(kept.id, opened)
        return { kind: "opened", scan: withoutSession(opened) }
      }),

    confirmScan: request =>
      run(() => {
        const { id, userId, sessionId, number, now } = request
        const kept = scans.get(id)
        if (kept?.state !== "opened" || kept.userId !== userId || kept.expiresAt <= now)
          return judgeAnswer(kept, request)
        const isRight = kept.number === number
        scans.set(id, { ...kept, state: isRight ? "confirmed" : "denied", sessionId })
        if (isRight) record("scan.confirmed", request, kept.appid)
        else record("scan.denied", request, kept.appid, "number_wrong")
        return { kind: isRight ? "confirmed" : "number_wrong" } as const
      }),

    denyScan: request =>
      run(() => {
        const { id, userId, notMe, now } = request
        const kept = scans.get(id)
        if (kept?.state !== "opened" && kept?.state !== "confirmed") return false
        if (kept.userId !== userId || kept.expiresAt <= now) return false
        scans.set(id, { ...kept, state: "denied" })
        record(notMe ? "scan.reported" : "scan.denied", request, kept.appid)
        return true
      }),

    redeemScan: request =>
      run((): RedeemScanOutcome => {
        const { id, secretDigest, now } = request
        const kept = scans.get(id)
        if (kept?.state !== "confirmed" || kept.secretDigest !== secretDigest || kept.expiresAt <= now)
          return judgeRedemption(kept, request)
        scans.set(id, { ...kept, state: "redeemed" })
        const confirming = sessions.get(kept.sessionId ?? "")
        if (confirming === undefined || !isLive(confirming, now)) return { kind: "invalid" }
        const { userId, appid, openid } = confirming
        const session = openedByScan(request, { userId, appid, openid })
        writeInMemory(state, session)
        return { kind: "redeemed", session, user: state.users.get(userId) as UserProfile }
      }),
  }
}

/** Drops tickets that ended a while ago; answers how many, at most `limit`. */
export function dropScansInMemory({ scans, scanOfScene }: MemoryState, now: number, limit: number): number {
  const over = [...scans.values()].filter(({ expiresAt }) => expiresAt <= now - keepScansFor).slice(0, limit)
  for (const { id, sceneDigest } of over) {
    scans.delete(id)
    scanOfScene.delete(sceneDigest)
  }
  return over.length
}

function withoutSession({ sessionId: _, ...scan }: KeptScan): Scan {
  return scan
}
