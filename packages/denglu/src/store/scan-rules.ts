import type { ConfirmScanOutcome, OpenScan, OpenScanOutcome, RedeemScanOutcome, Scan } from "./scan-store.ts"

/** How long (ms) a ticket is kept after its end, so that a browser that asks late hears what became of it. */
export const keepScansFor = 60_000

/** Why a ticket could not be opened just now, or that it is this person's already. */
export function judgeOpening(scan: Scan | undefined, { userId, appid, now }: OpenScan): OpenScanOutcome {
  if (scan === undefined || scan.appid !== appid || scan.expiresAt <= now) return { kind: "invalid" }
  if (scan.state !== "opened" && scan.state !== "confirmed") return { kind: "invalid" }
  if (scan.userId !== userId) return { kind: "taken" }
  return scan.state === "opened" ? { kind: "opened", scan } : { kind: "invalid" }
}

/** Why a ticket could not be answered just now. */
export function judgeAnswer(
  scan: Scan | undefined,
  { userId, now }: { readonly userId: string; readonly now: number },
): ConfirmScanOutcome {
  const isOthers = scan !== undefined && scan.userId !== null && scan.userId !== userId
  return { kind: isOthers && scan.expiresAt > now ? "taken" : "invalid" }
}

/** Why a ticket could not be redeemed just now. */
export function judgeRedemption(
  scan: Scan | undefined,
  { secretDigest, now }: { readonly secretDigest: string; readonly now: number },
): Exclude<RedeemScanOutcome, { readonly kind: "redeemed" }> {
  if (scan === undefined || scan.secretDigest !== secretDigest) return { kind: "invalid" }
  if (scan.state === "denied") return { kind: "denied" }
  if (scan.expiresAt <= now) return { kind: "invalid" }
  return { kind: scan.state === "waiting" || scan.state === "opened" ? "pending" : "invalid" }
}
