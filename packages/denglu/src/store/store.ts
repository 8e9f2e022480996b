import type { AppTokenStore } from "./app-token-store.ts"
import type { AuditActor } from "./audit-store.ts"
import type { LogInEntry, LogInOutcome, SealedSessionKey, SessionKeys } from "./log-in-entry.ts"
import type { SessionWay } from "./scan-store.ts"
import type { ScriptedStore } from "./scripted-store.ts"
import type { SigningKeyRecord } from "./signing-key-record.ts"

export type { AppTokenLease, AppTokenRecord, AppTokenStore, NewAppToken } from "./app-token-store.ts"
export type {
  LeaveOutcome,
  LeavingStore,
  LeftUser,
  PersonalData,
} from "./leaving-store.ts"
export * from "./log-in-entry.ts"
export type { OpenSessionOutcome, OpenSessionRequest } from "./opening-store.ts"
export type { PasswordRecord } from "./password-store.ts"
export type * from "./people-store.ts"
export { undoableFor } from "./people-store.ts"
export type { NewScan, Scan, ScanStore, SessionWay } from "./scan-store.ts"
export type { SigningKeyRecord } from "./signing-key-record.ts"
export type * from "./sms-store.ts"

/**
 * What Denglu asks of a database. Every promise an engine must keep stands on the method that makes it;
 * `contract.ts` holds the cases that check it, the same for every engine.
 *
 * Times are milliseconds since 1970 and always handed in: a store measures nothing by a clock of its own. Texts are stored and compared byte by
 * byte (`"A"` is not `"a"`). A store never sees a secret in clear: what it keeps of a `session_key` or of a private
 * key was sealed by `session/sealer.ts` first.
 *
 * Whatever resolves is durable: it survives `kill -9` and a power cut. What can't be done because the database is away,
 * full or locked rejects with `DengluError("store_unavailable")`, and then nothing has happened.
 */
export interface Store extends AppTokenStore, ScriptedStore {
  /** `memory`, `sqlite`, `postgres`, `mysql`: for messages and metrics. */
  readonly engine: string

  /**
   * Finds or creates the user behind (appid, openid), keeps the sealed `session_key`, and opens a session: all or nothing.
   *
   * - Of N callers at once with the same new (appid, openid), exactly one gets `isNew: true`, and all get the same user.
   * - A new identity that brings a `unionid` joins the user who already has that `unionid` under the same
   *   `openPlatform`; a `unionid` that appears later is attached to its identity. Neither ever moves an existing
   *   identity to another user.
   * - If `sessionKey.fingerprint` equals the current one's, the kept keys stay as they are; otherwise the current key becomes
   *   the previous one and the new key the current one. The key before the previous is gone. {@link noSessionKey} changes nothing.
   * - A user who is leaving (`leaveUser`) is not logged in: see {@link LeavingOutcome}.
   */
  logIn(entry: LogInEntry): Promise<LogInOutcome>

  /**
   * Moves a session's refresh counter from `counter` to `counter + 1`, or says why not. See {@link RotateOutcome}.
   *
   * - Of N callers at once with the same current `counter`, exactly one gets `rotated`.
   * - `rotated` sets `rotatedAt` to `now` and `idleExpiresAt` to the smaller of `now + idle` and `absoluteExpiresAt`.
   *   `absoluteExpiresAt` never moves.
   * - Against a revocation at the same time: either the rotation comes first and the session is revoked after it, or the
   *   rotation answers `revoked`. Never is a session alive after its revocation.
   */
  rotateSession(request: RotateRequest): Promise<RotateOutcome>

  /** The session, also when it is revoked or over; `undefined` when there never was one or it has been purged. */
  findSession(id: string): Promise<Session | undefined>

  /** The user's live sessions (not revoked, not over at `now`), the latest `createdAt` first. */
  listSessions(userId: string, now: number): Promise<Session[]>

  /** Live sessions of everybody, the latest `createdAt` first, at most `limit`. For operators. */
  listAllSessions(now: number, limit: number): Promise<Session[]>

  /**
   * Revokes one session. Answers whether it was live until now: of N callers at once exactly one gets `true`.
   * With `userId`, only if the session is that user's.
   */
  revokeSession(id: string, reason: RevocationReason, now: number, userId?: string): Promise<boolean>

  /** Revokes all live sessions of a user in one transaction, but for `exceptId`. Answers their ids. */
  revokeUserSessions(
    userId: string,
    reason: RevocationReason,
    now: number,
    exceptId?: string,
  ): Promise<string[]>

  /**
   * Revocations that became visible after `cursor` (`""`: all that are kept), oldest first, and the cursor to ask with
   * next. A revocation committed by any process on the same database is answered exactly once along a chain of cursors.
   * They are kept until {@link purge} drops those older than `keepRevocationsFor`.
   */
  revocationsSince(
    cursor: string,
  ): Promise<{ readonly revocations: readonly Revocation[]; readonly cursor: string }>

  /** The user with all identities, or `undefined`. */
  findUser(id: string): Promise<User | undefined>

  /** The identity and whose it is, or `undefined` if it never logged in. */
  findIdentity(appid: string, openid: string): Promise<OwnedIdentity | undefined>

  /** The sealed session keys of an identity, or `undefined` if it is unknown or never brought one. */
  findSessionKeys(appid: string, openid: string): Promise<SessionKeys | undefined>

  /**
   * Makes the current session key of an identity the previous one and `next` the current one, if the current one still is `expected`
   * (its sealed text). Answers whether it did: of N callers at once with the same expectation exactly one gets `true`.
   */
  replaceSessionKey(
    appid: string,
    openid: string,
    expected: string,
    next: SealedSessionKey,
    now: number,
  ): Promise<boolean>

  /** All signing keys, oldest first. */
  listSigningKeys(): Promise<SigningKeyRecord[]>

  /**
   * Replaces the whole set of signing keys, if its kids still are `expectedKids` (in any order). Answers whether it did: of N callers
   * at once with the same expectation exactly one gets `true`.
   */
  replaceSigningKeys(
    expectedKids: readonly string[],
    keys: readonly SigningKeyRecord[],
    occasion: Occasion,
  ): Promise<boolean>

  /**
   * Marks `key` (at most 128 bytes) as seen until `expiresAt`. Answers whether it was not marked before: of N callers at once
   * with the same key exactly one gets `true`, and nobody gets it again before `expiresAt` has come.
   */
  seeOnce(key: string, expiresAt: number, now: number): Promise<boolean>

  /**
   * Drops what is over: sessions past their end (or revoked) by more than `keepRevocationsFor` ms, revocations older than it, and marks of
   * {@link seeOnce} whose `expiresAt` has come. At most `limit` rows
   * in one call, so that it never holds the database long. Answers how many it dropped; fewer than `limit` means done.
   */
  purge(now: number, keepRevocationsFor: number, limit: number): Promise<number>

  /**
   * The database's clock. Only engines that several machines share have it: there it is what moments are compared by,
   * for no two machines agree on theirs.
   */
  now?(): Promise<number>

  /**
   * Adds to counts that all instances share and answers what they are now, in the same order. Of N callers at once none is lost, and
   * what is added may be negative. No key comes twice. A window that ended a few minutes ago may be gone.
   */
  addCounts?(added: readonly SharedCount[]): Promise<readonly number[]>

  /**
   * Calls the listener soon after another process has changed something of the kind, as far as it hears of it: a hint to look
   * earlier than one would have. Answers the function that stops it.
   */
  onNews?(listener: (news: News) => void): () => void

  /** Resolves if the database answers a query and, as far as can be told cheaply, takes writes. */
  ping(): Promise<void>

  /** Finishes what is under way and lets go of the database. Later calls reject with `store_unavailable`. */
  close(): Promise<void>
}

/** When a change happens and by whom, and the id of its event in the audit. */
export interface Occasion {
  readonly now: number
  readonly eventId: string
  readonly actor: AuditActor
}

export interface SharedCount {
  readonly key: string
  /** Which minute since 1970. */
  readonly window: number
  readonly count: number
}

/** What other processes may have changed. */
export type News = "revocations" | "signing_keys"

export interface UserProfile {
  readonly id: string
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly createdAt: number
  readonly updatedAt: number
  /** When the user is to be erased; `null` for everybody who does not leave. */
  readonly leavesAt: number | null
}

export interface User extends UserProfile {
  /** In the order in which they came. */
  readonly identities: readonly Identity[]
}

export interface Identity {
  readonly appid: string
  readonly openid: string
  readonly unionid: string | null
  readonly openPlatform: string
  readonly createdAt: number
}

/** An identity with the user it belongs to. */
export interface OwnedIdentity extends Identity {
  readonly userId: string
}

export interface ProfileChange {
  readonly nickname?: string | null
  readonly avatarUrl?: string | null
}

export interface Session {
  readonly id: string
  readonly userId: string
  readonly appid: string
  /** The identity that logged in; `null` for ways in without one. */
  readonly openid: string | null
  /** How often the refresh token was rotated; 0 at login. */
  readonly counter: number
  readonly createdAt: number
  readonly rotatedAt: number
  readonly idleExpiresAt: number
  readonly absoluteExpiresAt: number
  readonly revokedAt: number | null
  readonly revokedReason: RevocationReason | null
  readonly userAgent: string
  readonly openedBy: SessionWay
}

/** Why a session ended before its time. */
export type RevocationReason =
  | "logout"
  | "logout_everywhere"
  | "revoked_by_user"
  | "revoked_by_operator"
  | "revoked_by_wechat"
  | "account_deleted"
  | "password_changed"
  | "merged"
  | "merge_undone"
  | "refresh_reused"

export interface Revocation {
  readonly sessionId: string
  readonly revokedAt: number
}

export interface RotateRequest {
  readonly id: string
  /** The counter that the presented refresh token names. */
  readonly counter: number
  readonly now: number
  /** How long (ms) the token before the current one still gets the same successor. 0: never. */
  readonly grace: number
  /** How long (ms) a session lives without being refreshed. */
  readonly idle: number
}

/**
 * What became of a presented counter, checked in this order:
 *
 * - `unknown`: no such session, or a counter the session has not reached yet.
 * - `revoked`: the session was revoked before.
 * - `expired`: `now` is at or past `idleExpiresAt` or `absoluteExpiresAt`.
 * - `rotated`: the counter was the current one and has moved on by one.
 * - `replayed`: the counter is one behind and `now - rotatedAt <= grace`, `grace > 0`: nothing changed.
 * - `reused`: the counter is further behind, or one behind and too late: this call has revoked the session with
 *   reason `refresh_reused`.
 */
export type RotateOutcome =
  | { readonly kind: "rotated" | "replayed"; readonly session: Session; readonly user: UserProfile }
  | { readonly kind: "reused" | "revoked"; readonly session: Session }
  | { readonly kind: "expired" | "unknown" }
