import type { LoginStorage } from "./platform.ts"
import type { TokenReply, User } from "./wire.ts"

/** A login, as it is kept on the device. Times are milliseconds since 1970 by the device's clock. */
export interface Session {
  readonly access: string
  readonly refresh: string
  /** From here on a new access token is fetched before the old one is used. */
  readonly renewAt: number
  readonly expiresAt: number
  readonly user: User
}

/** What is kept: a session, or that the person logged out, or nothing yet. */
export interface Kept {
  readonly session?: Session | undefined
  /** The person logged out and has not tapped since. */
  readonly out?: boolean
}

const minute = 60_000

/** @param now milliseconds since 1970, when the reply arrived */
export function sessionOf(reply: TokenReply, now: number): Session {
  const life = reply.expires_in * 1000
  return {
    access: reply.access_token,
    refresh: reply.refresh_token,
    // Early by a minute, but never by more than a tenth of its life.
    renewAt: now + life - Math.min(minute, life / 10),
    expiresAt: now + life,
    user: reply.user,
  }
}

/** Reads what was kept. Storage that throws, or holds something else, holds nothing. */
export function readKept(storage: LoginStorage, key: string): Kept {
  try {
    const kept = storage.get(key) as Kept | undefined
    if (kept && (kept.out || typeof kept.session!.access === "string")) return kept
  } catch {}
  return {}
}

/** Keeps it if it can. A login that can't be kept still works until the mini program is closed. */
export function writeKept(storage: LoginStorage, key: string, kept: Kept): void {
  try {
    storage.set(key, kept)
  } catch {}
}
