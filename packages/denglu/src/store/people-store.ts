import type { AuditActor } from "./audit-store.ts"
import type { Identity, SealedSessionKey, User } from "./store.ts"
import type { WaysOn } from "./ways-in.ts"

/** How long (ms) a merge can be undone. Afterwards what it moved is forgotten. */
export const undoableFor = 30 * 86_400_000

/** What a store promises about who is one person: identities that come and go, conflicts, and merges. */
export interface PeopleStore {
  /**
   * The user; of one who was merged the user they were merged into. `mergedIds` names all who were merged into that user, directly or
   * through others.
   */
  resolveUser(id: string): Promise<ResolvedUser | undefined>

  /**
   * Ids of the users who have this openid in any app, or whose this unionid is under any open platform, in the order of the ids. Of two users
   * with one unionid (see {@link listConflicts}) only whose it is.
   */
  findUsersBy(what: FindUsersBy): Promise<string[]>

  /**
   * Gives an identity that nobody has to a user. Of N callers at once who want it for different users exactly one gets `attached`, the
   * others `taken`; a login of that identity at the same time counts as one of them.
   */
  attachIdentity(request: AttachRequest): Promise<AttachOutcome>

  /**
   * Takes an identity from its user and ends the sessions it opened. A user's last way in stays: of N callers at once who want all of them gone, one
   * is answered `last`.
   */
  detachIdentity(request: DetachRequest): Promise<DetachOutcome>

  /**
   * Identities whose unionid is another user's, under the same open platform: one person who is two users. Looks at a bounded number of
   * identities after `cursor` (`""`: from the beginning), so an answer may hold none and yet not be the last; `cursor` is left
   * out in the last.
   */
  listConflicts(cursor: string): Promise<ConflictPage>

  /** What {@link mergeUsers} would do, or why it would refuse. Nothing changes, and nothing is promised for later. */
  previewMerge(survivorId: string, absorbedId: string, now: number): Promise<MergePreview>

  /**
   * Makes two users one, all or nothing: identities, unionids, and the phone number if the survivor has none become the survivor's; the
   * absorbed user's live sessions end with reason `merged`; its row stays and points at the survivor.
   *
   * - Of N callers at once with the same two users exactly one gets `merged`.
   * - Whom had been merged into the absorbed user before is the survivor's from now on.
   * - A login that began before may still open a session for the absorbed user: see {@link endStraySessions}.
   */
  mergeUsers(request: MergeRequest): Promise<MergeOutcome>

  /**
   * Gives back what a merge moved, as far as the survivor (or whom that one was merged into since) still has it, and ends the sessions that
   * the identities given back have opened meanwhile, with reason `merge_undone`. Of N callers at once exactly one gets `undone`.
   */
  undoMerge(request: UndoRequest): Promise<UndoOutcome>

  /** Merges of which the user was one side, the latest first. */
  listMergesOf(userId: string): Promise<Merge[]>

  /** Merges that were done or undone at `since` or later, at most `limit`, in the order of their `at`. */
  listMergesSince(since: number, limit: number): Promise<Merge[]>

  /**
   * Ends live sessions that are no longer their user's, of all who were merged or whose merge was undone at `since` or later: a login that was under
   * way then could open one. Answers their ids.
   */
  endStraySessions(since: number, now: number): Promise<string[]>

  /** Forgets what was moved by merges before `before`, at most `limit` of them. Answers how many. They can't be undone any more. */
  forgetMoved(before: number, limit: number): Promise<number>
}

export type FindUsersBy = { readonly openid: string } | { readonly unionid: string }

export interface ResolvedUser extends User {
  /** Ids under which this user was known before merges, the earliest merge first. */
  readonly mergedIds: readonly string[]
}

export interface AttachRequest extends Omit<Identity, "createdAt"> {
  /** A name for the event, that nothing else has. */
  readonly id: string
  readonly userId: string
  readonly sessionKey: SealedSessionKey
  readonly now: number
}

/**
 * - `attached`: the identity is the user's now.
 * - `known`: it was before.
 * - `taken`: it is another user's, or its unionid is.
 * - `gone`: there is no such user, or they are leaving, or were merged.
 */
export type AttachOutcome =
  | { readonly kind: "attached" | "known" | "gone" }
  | { readonly kind: "taken"; readonly userId: string }

export interface DetachRequest extends Pick<Identity, "appid" | "openid"> {
  /** A name for the event, that nothing else has. */
  readonly id: string
  readonly userId: string
  /** Who takes it away: `wechat` if the WeChat account is gone. Default is `user`. */
  readonly actor?: "user" | "wechat"
  /** Ways in that count beside identities. Default is none. */
  readonly ways?: WaysOn
  readonly now: number
}

export type DetachOutcome =
  | { readonly kind: "detached"; readonly endedSessions: readonly string[] }
  | { readonly kind: "last" | "unknown" }

export interface ConflictPage {
  readonly conflicts: readonly Conflict[]
  /** Where to go on; left out when all have been looked at. */
  readonly cursor?: string
}

export interface Conflict extends Omit<Identity, "unionid"> {
  readonly unionid: string
  /** Whose the identity is. */
  readonly userId: string
  /** Whose the unionid is: identities that come with it join this user. */
  readonly ownerId: string
}

/**
 * - `same`: both ids are one user.
 * - `unknown`: there is no such user.
 * - `merged`: one of them was merged into another before.
 * - `leaving`: one of them is about to be deleted.
 * - `phone`: both have a phone number, and nobody said that one may be dropped.
 */
export type MergeRefusal = "same" | "unknown" | "merged" | "leaving" | "phone"

export interface MergeRequest {
  /** A name for the merge, by which it can be undone: at most 64 characters, that no other has. */
  readonly id: string
  readonly survivorId: string
  readonly absorbedId: string
  /** Whether the absorbed user's phone number may go if the survivor has one too. An undo brings it back if nobody has it then. */
  readonly dropPhone: boolean
  readonly actor: AuditActor
  readonly now: number
}

export type MergeOutcome =
  | { readonly kind: "merged"; readonly merge: Merge; readonly endedSessions: readonly string[] }
  | { readonly kind: "refused"; readonly why: MergeRefusal }

export interface MergePreview {
  readonly survivor: User | undefined
  /** With the identities that would become the survivor's. */
  readonly absorbed: User | undefined
  /** The absorbed user's phone number, if they have one. */
  readonly phone: string | undefined
  /** Whether that number would go, because the survivor has one. */
  readonly dropsPhone: boolean
  /** Live sessions that would end. */
  readonly sessions: number
  /** Why the merge would be refused; never `phone`. */
  readonly refusal: MergeRefusal | undefined
}

export interface Merge {
  readonly id: string
  readonly survivorId: string
  readonly absorbedId: string
  readonly at: number
  readonly actor: AuditActor
  readonly undoneAt: number | null
  /** Whether what it moved is still known. */
  readonly isUndoable: boolean
}

export interface UndoRequest {
  readonly id: string
  readonly actor: AuditActor
  readonly now: number
}

/**
 * - `unknown`: there is no such merge, or the survivor is gone.
 * - `undone`: it was undone before.
 * - `too_late`: it is longer ago than {@link undoableFor}.
 */
export type UndoRefusal = "unknown" | "undone" | "too_late"

export type UndoOutcome =
  | { readonly kind: "undone"; readonly merge: Merge; readonly endedSessions: readonly string[] }
  | { readonly kind: "refused"; readonly why: UndoRefusal }
