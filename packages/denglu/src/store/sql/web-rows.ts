import { dropScans } from "./scans.ts"
import type { Script } from "./script.ts"
import { dropSms } from "./sms.ts"

/** Drops what the web's ways in have left behind and nobody needs any more; answers how many rows, at most `limit`. */
export function* dropWebRows(now: number, limit: number): Script<number> {
  const scans = yield* dropScans(now, limit)
  return scans + (yield* dropSms(now, limit - scans))
}
