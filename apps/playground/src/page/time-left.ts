import { useContext } from "preact/hooks"
import type { TokenView } from "../protocol.ts"
import { ServerClock } from "./server-clock.ts"
import { useNow } from "./use-now.ts"

export interface TimeLeft {
  /** Seconds; 0 once it is over. */
  readonly seconds: number
  /** From 1 at its issue to 0 at its end. */
  readonly share: number
  /** `29:41` */
  readonly clock: string
}

/** What is left of a token by the server's clock, second by second. */
export function useTimeLeft({ issuedAt, expiresAt }: TokenView): TimeLeft {
  const ahead = useContext(ServerClock)
  const now = useNow()
  const seconds = Math.max(0, Math.round(expiresAt - (now + ahead) / 1_000))
  const share = Math.min(1, seconds / Math.max(1, expiresAt - issuedAt))
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  return { seconds, share, clock }
}
