import type { TokenReply } from "./wire.ts"

/** A login, as it is kept on the device. */
export interface Session extends TokenReply {
  /** When the reply arrived: milliseconds since 1970 by the device's clock. */
  readonly at: number
}

/** What is kept: a session, or that the person logged out, or nothing yet. */
export interface Kept {
  readonly session?: Session | undefined
  /** The person logged out and has not tapped since. */
  readonly out?: boolean | undefined
}

/** Reads what was kept. Storage that throws, or holds something else, holds nothing. */
export function readKept(read: () => unknown): Kept {
  try {
    const kept = read() as Kept
    const session = kept.session as Session
    if (kept.out || (session.access_token.length && session.refresh_token.length && session.user.id))
      return kept
  } catch {}
  return {}
}
