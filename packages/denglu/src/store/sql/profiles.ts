import type {
  AvatarReservation,
  ClearOutcome,
  ClearRequest,
  ProfileOutcome,
  ProfileRequest,
  ProfileStore,
} from "../profile-store.ts"
import { updatedDetail } from "../session-events.ts"
import type { ProfileChange, UserProfile } from "../store.ts"
import { recordEvent } from "./audit-events.ts"
import { readUser } from "./rows.ts"
import { asText, type Script, type ScriptRunner, statement } from "./script.ts"

/** Profiles and the names of avatars, on any engine. */
export function profileMethods({ read, write }: ScriptRunner): ProfileStore {
  return {
    changeProfile: request => write(() => changeProfile(request)),
    clearProfile: request => write(() => clearProfile(request)),
    reserveAvatar: reservation => write(() => reserve(reservation)),
    listAvatars: userId => read(() => listOf(userId)),
    listUnusedAvatars: (now, limit) => read(() => listUnused(now, limit)),
    forgetAvatar: name => write(() => forget(name)),
  }
}

/** See `ProfileStore.changeProfile`. The user's row is locked first: whoever comes second finds what the first has put in use. */
function* changeProfile(request: ProfileRequest): Script<ProfileOutcome> {
  const { userId, change, avatar, now } = request
  const user = yield* lockUser(userId)
  if (user === undefined) return { kind: "gone" }
  if (avatar !== undefined && !(yield* use(avatar, userId, now))) return { kind: "avatar_unknown" }
  const changed = yield* write(user, change, request)
  if (change.avatarUrl !== undefined) yield* release(userId, avatar)
  return { kind: "changed", user: changed, unused: yield* unusedOf(userId, now) }
}

/** See `ProfileStore.clearProfile`. */
function* clearProfile(request: ClearRequest): Script<ClearOutcome | undefined> {
  const { userId, changedUntil, fields, now } = request
  const user = yield* lockUser(userId)
  if (user === undefined || user.updatedAt > changedUntil) return undefined
  const cleared = fields.filter(field => user[field] !== null)
  if (cleared.length === 0) return undefined
  yield* write(user, Object.fromEntries(cleared.map(field => [field, null])), request)
  if (cleared.includes("avatarUrl")) yield* release(userId, undefined)
  return { cleared, unused: yield* unusedOf(userId, now) }
}

function* lockUser(userId: string): Script<UserProfile | undefined> {
  const { rows } = yield statement(
    `SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at, merged_into FROM denglu_users
      WHERE id = ? FOR UPDATE`,
    userId,
  )
  const [row] = rows
  return row === undefined || row.leaves_at !== null || row.merged_into !== null ? undefined : readUser(row)
}

function* write(
  user: UserProfile,
  change: ProfileChange,
  { userId, now, actor, eventId }: Omit<ProfileRequest, "change">,
): Script<UserProfile> {
  const { nickname = user.nickname, avatarUrl = user.avatarUrl } = change
  yield statement(
    "UPDATE denglu_users SET nickname = ?, avatar_url = ?, updated_at = ? WHERE id = ?",
    asText(nickname),
    asText(avatarUrl),
    now,
    userId,
  )
  const detail = updatedDetail(change)
  yield recordEvent({ id: eventId, at: now, type: "user.updated", userId, actor, detail })
  return { ...user, nickname, avatarUrl, updatedAt: now }
}

/** Puts a name in use. Answers whether its picture is there for sure. */
function* use(name: string, userId: string, now: number): Script<boolean> {
  const { affected } = yield statement(
    `UPDATE denglu_avatars SET remove_after = NULL
      WHERE name = ? AND user_id = ? AND (remove_after IS NULL OR remove_after > ?)`,
    name,
    userId,
    now,
  )
  return affected === 1
}

/**
 * Those that are being uploaded just now keep the time they have. The others are over since ever, so that no instance whose clock is behind takes
 * one for good whose picture is being removed.
 */
function* release(userId: string, except: string | undefined): Script<void> {
  yield statement(
    "UPDATE denglu_avatars SET remove_after = 0 WHERE user_id = ? AND name <> ? AND remove_after IS NULL",
    userId,
    except ?? "",
  )
}

function* unusedOf(userId: string, now: number): Script<string[]> {
  const { rows } = yield statement(
    "SELECT name FROM denglu_avatars WHERE user_id = ? AND remove_after <= ? ORDER BY name",
    userId,
    now,
  )
  return rows.map(({ name }) => name as string)
}

function* reserve({ name, userId, removeAfter }: AvatarReservation): Script<void> {
  yield statement(
    "INSERT INTO denglu_avatars (name, user_id, remove_after) VALUES (?, ?, ?)",
    name,
    userId,
    removeAfter,
  )
}

function* listOf(userId: string): Script<string[]> {
  const { rows } = yield statement("SELECT name FROM denglu_avatars WHERE user_id = ? ORDER BY name", userId)
  return rows.map(({ name }) => name as string)
}

function* listUnused(now: number, limit: number): Script<string[]> {
  const { rows } = yield statement(
    "SELECT name FROM denglu_avatars WHERE remove_after <= ? ORDER BY remove_after, name LIMIT ?",
    now,
    limit,
  )
  return rows.map(({ name }) => name as string)
}

function* forget(name: string): Script<void> {
  yield statement("DELETE FROM denglu_avatars WHERE name = ?", name)
}
