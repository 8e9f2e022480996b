import type { AuditActor } from "./audit-store.ts"
import type { ProfileChange, UserProfile } from "./store.ts"

/**
 * What a store promises about profiles, and about the names of pictures that are kept elsewhere as avatars.
 *
 * A picture's name is noted before the picture is kept, so that there is never one nobody knows of: after a crash it is found among the
 * unused. A name is in use, or it has a moment from which on its picture may be removed: at once, if it was in use before.
 */
export interface ProfileStore {
  /**
   * Changes the fields that are given (`null` clears one) and `updatedAt`, and records `user.updated`. See {@link ProfileOutcome}.
   *
   * - With `avatar`, that name is in use from now on; with any other new `avatarUrl`, none of the user's is.
   * - Of N callers at once with an avatar each, one has the last word: its name is in use, and those of all others are unused.
   */
  changeProfile(request: ProfileRequest): Promise<ProfileOutcome>

  /**
   * Clears those of the fields that say something and records `user.updated`, if the profile was not changed after `changedUntil`. See
   * {@link ClearOutcome}; `undefined`, and nothing has happened, if there was nothing to clear.
   */
  clearProfile(request: ClearRequest): Promise<ClearOutcome | undefined>

  /** Notes a name for a picture that is about to be kept. Unless it is in use by then, the picture may be removed at `removeAfter`. */
  reserveAvatar(reservation: AvatarReservation): Promise<void>

  /** Every name that is noted for the user, in use or not. */
  listAvatars(userId: string): Promise<readonly string[]>

  /** Names whose picture may be removed at `now`, at most `limit`, the longest unused first. They can't come into use any more. */
  listUnusedAvatars(now: number, limit: number): Promise<readonly string[]>

  /** Forgets a name, whose picture is gone. */
  forgetAvatar(name: string): Promise<void>
}

interface ChangeOfProfile {
  readonly userId: string
  readonly now: number
  readonly actor: AuditActor
  /** A name for the event, that nothing else has. */
  readonly eventId: string
}

export interface ProfileRequest extends ChangeOfProfile {
  readonly change: ProfileChange
  /** The name of the kept picture whose address `avatarUrl` is. */
  readonly avatar?: string | undefined
}

export interface ClearRequest extends ChangeOfProfile {
  readonly changedUntil: number
  readonly fields: readonly (keyof ProfileChange)[]
}

export interface ClearOutcome {
  /** Those that said something. */
  readonly cleared: readonly (keyof ProfileChange)[]
  /** The user's names that are unused by now. */
  readonly unused: readonly string[]
}

export interface AvatarReservation {
  /** At most 64 characters. */
  readonly name: string
  readonly userId: string
  readonly removeAfter: number
}

/**
 * - `changed`: the user as they are now, and their names that are unused by now.
 * - `gone`: there is no such user, they are leaving, or they were merged into another.
 * - `avatar_unknown`: `avatar` was not noted for this user, or its picture may have been removed.
 */
export type ProfileOutcome =
  | { readonly kind: "changed"; readonly user: UserProfile; readonly unused: readonly string[] }
  | { readonly kind: "gone" | "avatar_unknown" }
