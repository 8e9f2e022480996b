import type { AuditEvent } from "./audit-store.ts"
import type { Phone } from "./phone-store.ts"
import { endedEvent } from "./session-events.ts"
import type {
  AppTokenRecord,
  OwnedIdentity,
  Revocation,
  RevocationReason,
  Session,
  SessionKeys,
  SigningKeyRecord,
  UserProfile,
} from "./store.ts"

/** What the store in memory holds, for the files that have its methods. */
export interface MemoryState {
  readonly users: Map<string, UserProfile>
  /** By {@link pairKey} of appid and openid. */
  readonly identities: Map<string, OwnedIdentity>
  readonly identitiesOfUser: Map<string, string[]>
  /** By {@link pairKey} of open platform and unionid. */
  readonly userOfUnionid: Map<string, string>
  /** By {@link pairKey} of appid and openid. */
  readonly sessionKeys: Map<string, KeptKeys>
  readonly sessions: Map<string, Session>
  readonly sessionsOfUser: Map<string, Set<string>>
  revocations: NumberedRevocation[]
  revocationCount: number
  readonly appTokens: Map<string, AppTokenRecord & { readonly holder: string | undefined }>
  readonly seenUntil: Map<string, number>
  signingKeys: readonly SigningKeyRecord[]
  /** By the user's id. */
  readonly phones: Map<string, Phone>
  /** Whose number it is, by the number. */
  readonly phoneOwners: Map<string, string>
  /** In the order in which they came. */
  audit: AuditEvent[]
}

interface KeptKeys extends SessionKeys {
  readonly fingerprint: string
}

interface NumberedRevocation extends Revocation {
  readonly number: number
}

/** Runs a method of the store from its beginning to its end, without anything in between. */
export type RunInMemory = <Result>(work: () => Result) => Promise<Result>

export function createMemoryState(): MemoryState {
  return {
    users: new Map(),
    identities: new Map(),
    identitiesOfUser: new Map(),
    userOfUnionid: new Map(),
    sessionKeys: new Map(),
    sessions: new Map(),
    sessionsOfUser: new Map(),
    revocations: [],
    revocationCount: 0,
    appTokens: new Map(),
    seenUntil: new Map(),
    signingKeys: [],
    phones: new Map(),
    phoneOwners: new Map(),
    audit: [],
  }
}

/** Two texts as one key that no other two make. */
export function pairKey(one: string, other: string): string {
  return JSON.stringify([one, other])
}

/** Ends a session, whatever it was before, and records that it did. Answers it as it is now. */
export function revokeInMemory(
  state: MemoryState,
  session: Session,
  reason: RevocationReason,
  now: number,
): Session {
  const revoked = { ...session, revokedAt: now, revokedReason: reason }
  state.sessions.set(session.id, revoked)
  state.audit.push(endedEvent(session, reason, now))
  state.revocationCount += 1
  state.revocations.push({ number: state.revocationCount, sessionId: session.id, revokedAt: now })
  return revoked
}
