import type { AuditActor, AuditEvent } from "./audit-store.ts"
import type { MovedInMemory } from "./memory-people.ts"
import type { KeptScan } from "./memory-scans.ts"
import type { KeptSms } from "./memory-sms.ts"
import type { PasswordRecord } from "./password-store.ts"
import type { Merge } from "./people-store.ts"
import type { Phone } from "./phone-store.ts"
import type { AuthorizerRecord, PlatformTicket } from "./platform-store.ts"
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
  /** Of users who were merged the one they were merged into. */
  readonly mergedInto: Map<string, string>
  readonly leaving: Map<string, KeptLeaving>
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
  /** By number. */
  readonly phones: Map<string, KeptPhone>
  /** By user. */
  readonly passwords: Map<string, PasswordRecord>
  /** By name. */
  readonly avatars: Map<string, KeptAvatar>
  /** By id, the earliest first. What was moved is gone once it can't be undone. */
  readonly merges: Map<string, Merge & { readonly moved: MovedInMemory | undefined }>
  /** Phone numbers that a merge took from the absorbed user, by the merge's id. */
  readonly droppedPhones: Map<string, KeptPhone>
  /** What a merge did with the absorbed user's password, by the merge's id. */
  readonly movedPasswords: Map<string, PasswordRecord & { readonly dropped: boolean }>
  /** In the order in which they came. */
  audit: AuditEvent[]
  readonly scans: Map<string, KeptScan>
  /** By the digest of their id. */
  readonly sms: Map<string, KeptSms>
  /** The ids of the tickets, by the digest of their scene. */
  readonly scanOfScene: Map<string, string>
  /** By the platform's appid. */
  readonly platformTickets: Map<string, PlatformTicket>
  /** By {@link pairKey} of appid and the platform's appid. */
  readonly authorizers: Map<string, KeptAuthorizer>
}

/** A user who leaves. */
export interface KeptLeaving {
  readonly leavesAt: number
  readonly leftAt: number
  readonly nextTryAt: number
  readonly tries: number
}

export interface KeptPhone extends Phone {
  readonly userId: string
}

interface KeptAvatar {
  readonly userId: string
  /** `null` while it is in use. */
  readonly removeAfter: number | null
}

export interface KeptAuthorizer extends AuthorizerRecord {
  readonly codeDigest: string | null
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
    mergedInto: new Map(),
    leaving: new Map(),
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
    passwords: new Map(),
    avatars: new Map(),
    merges: new Map(),
    droppedPhones: new Map(),
    movedPasswords: new Map(),
    audit: [],
    scans: new Map(),
    scanOfScene: new Map(),
    sms: new Map(),
    platformTickets: new Map(),
    authorizers: new Map(),
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
  actor?: AuditActor,
): Session {
  const revoked = { ...session, revokedAt: now, revokedReason: reason }
  state.sessions.set(session.id, revoked)
  state.audit.push(endedEvent(session, reason, now, actor))
  state.revocationCount += 1
  state.revocations.push({ number: state.revocationCount, sessionId: session.id, revokedAt: now })
  return revoked
}
