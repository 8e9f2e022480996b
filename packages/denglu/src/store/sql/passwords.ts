import type {
  OpenByPassword,
  PasswordKey,
  PasswordRecord,
  PasswordStore,
  RegisterUser,
  RegisterUserOutcome,
  RehashPassword,
  RemovePassword,
  RemovePasswordOutcome,
  SetPassword,
  SetPasswordOutcome,
} from "../password-store.ts"
import { createdEvent, openedWithout } from "../session-rules.ts"
import type { OpenSessionOutcome } from "../store.ts"
import { recordEvent } from "./audit-events.ts"
import { endSessions, type LockedSession, liveSession } from "./end-sessions.ts"
import { lockSessionsOf } from "./merge-users.ts"
import { lockPresent, openSessionOf, writeSession } from "./open-session-of.ts"
import { lockUsers, ownerIs, type UserRow } from "./owners.ts"
import type { Row } from "./rows.ts"
import { type Dialect, type Script, type ScriptRunner, type Statement, statement } from "./script.ts"
import { waysInOf } from "./ways-in.ts"

/** Passwords, for every database. */
export function passwordMethods({ read, write }: ScriptRunner): PasswordStore {
  return {
    registerUser: request => write(dialect => register(dialect, request)),
    findPassword: by => read(() => find(by)),
    openSessionByPassword: request => write(dialect => openByPassword(dialect, request)),
    setPassword: request => write(dialect => set(dialect, request)),
    rehashPassword: request => write(() => rehash(request)),
    removePassword: request => write(dialect => remove(dialect, request)),
  }
}

/** The name is taken first: who comes second has written nothing. */
function* register(dialect: Dialect, request: RegisterUser): Script<RegisterUserOutcome> {
  const { userId: id, account, hash, appid, now } = request
  const { affected } = yield insert({ userId: id, account, hash, changedAt: now })
  if (affected === 0) return { kind: "taken" }
  yield statement("INSERT INTO denglu_users (id, created_at, updated_at) VALUES (?, ?, ?)", id, now, now)
  yield recordEvent(createdEvent(id, appid, now))
  yield recordEvent({
    id: `${id}:password`,
    at: now,
    type: "password.set",
    userId: id,
    appid,
    actor: "user",
    detail: { outcome: "registered" },
  })
  const session = openedWithout({ ...request, openedBy: "password" }, id)
  yield* writeSession(dialect, session)
  const user = { id, nickname: null, avatarUrl: null, createdAt: now, updatedAt: now, leavesAt: null }
  return { kind: "opened", session, user, isNew: true }
}

function* openByPassword(
  dialect: Dialect,
  { hash, ...request }: OpenByPassword,
): Script<OpenSessionOutcome | { readonly kind: "changed" }> {
  const present: UserRow | undefined = yield* lockPresent(request.userId)
  const found: PasswordRecord | undefined = yield* find({ userId: request.userId })
  if (present?.id !== request.userId || found?.hash !== hash) return { kind: "changed" }
  return yield* openSessionOf(dialect, { ...request, openedBy: "password" })
}

function* set(dialect: Dialect, request: SetPassword): Script<SetPasswordOutcome> {
  const { userId, hash, expected, ending, now, actor, eventId } = request
  const user = yield statement(
    "SELECT leaves_at, merged_into FROM denglu_users WHERE id = ? FOR UPDATE",
    userId,
  )
  const [row] = user.rows
  if (row === undefined || row.leaves_at !== null || row.merged_into !== null) return { kind: "gone" }
  const had: PasswordRecord | undefined = yield* find({ userId })
  if (expected !== undefined && (had?.hash ?? null) !== expected) return { kind: "changed" }
  const account = request.account ?? had?.account ?? null
  if (account === null) {
    const phone = yield statement("SELECT phone FROM denglu_phones WHERE user_id = ?", userId)
    if (phone.rows.length === 0) return { kind: "nameless" }
  } else if (account !== had?.account) {
    // Seen before anything is written: two who want each other's name would wait for each other.
    if ((yield* find({ account })) !== undefined) return { kind: "taken" }
  }
  if (had !== undefined) yield statement("DELETE FROM denglu_passwords WHERE user_id = ?", userId)
  const inserted = yield insert({ userId, account, hash, changedAt: now })
  if (inserted.affected === 0) {
    if (had !== undefined) yield insert(had)
    return { kind: "taken" }
  }
  const outcome = had === undefined ? "set" : "changed"
  yield recordEvent({ id: eventId, at: now, type: "password.set", userId, actor, detail: { outcome } })
  const sessions = ending === undefined ? [] : yield* lockSessionsOf(dialect, userId, now)
  const endedSessions = yield* endSessions(dialect, {
    sessions: sessions.filter(({ id }) => id !== ending?.exceptId),
    reason: ending?.reason ?? "password_changed",
    actor,
    now,
  })
  return { kind: "set", isFirst: had === undefined, endedSessions }
}

function* rehash({ userId, expected, hash, now, actor, eventId }: RehashPassword): Script<boolean> {
  const { affected } = yield statement(
    "UPDATE denglu_passwords SET hash = ? WHERE user_id = ? AND hash = ?",
    hash,
    userId,
    expected,
  )
  if (affected === 0) return false
  yield recordEvent({ id: eventId, at: now, type: "password.rehashed", userId, actor })
  return true
}

function* remove(dialect: Dialect, request: RemovePassword): Script<RemovePasswordOutcome> {
  const { userId, exceptId, ways, now, actor, eventId } = request
  yield* lockUsers([userId, userId])
  if ((yield* find({ userId })) === undefined) return { kind: "none" }
  const others = yield* waysInOf(dialect, userId, ways && { ...ways, passwords: false })
  if (others.length === 0) return { kind: "last" }
  yield statement("DELETE FROM denglu_passwords WHERE user_id = ?", userId)
  yield recordEvent({ id: eventId, at: now, type: "password.removed", userId, actor })
  const sessions: LockedSession[] = yield* lockSessionsByPassword(dialect, userId, now)
  const endedSessions = yield* endSessions(dialect, {
    sessions: sessions.filter(({ id }) => id !== exceptId),
    reason: "password_changed",
    actor,
    now,
  })
  return { kind: "removed", endedSessions }
}

/** The user's live sessions that a password has opened, locked. */
export function* lockSessionsByPassword(
  dialect: Dialect,
  userId: string,
  now: number,
): Script<LockedSession[]> {
  const { rows } = yield statement(
    `SELECT s.id, s.appid FROM denglu_sessions s
      WHERE ${ownerIs(dialect)} AND s.opened_by = ? AND ${liveSession} ORDER BY s.id FOR UPDATE`,
    userId,
    "password",
    now,
    now,
  )
  return rows.map(row => ({ id: row.id as string, appid: row.appid as string, userId }))
}

const columns = "p.user_id, p.account, p.hash, p.changed_at"

function* find(by: PasswordKey): Script<PasswordRecord | undefined> {
  const { rows } = yield "phone" in by
    ? statement(
        `SELECT ${columns} FROM denglu_phones t JOIN denglu_passwords p ON p.user_id = t.user_id WHERE t.phone = ?`,
        by.phone,
      )
    : "account" in by
      ? statement(`SELECT ${columns} FROM denglu_passwords p WHERE p.account = ?`, by.account)
      : statement(`SELECT ${columns} FROM denglu_passwords p WHERE p.user_id = ?`, by.userId)
  return rows[0] === undefined ? undefined : readPassword(rows[0])
}

function insert({ userId, account, hash, changedAt }: PasswordRecord): Statement {
  return statement(
    `INSERT INTO denglu_passwords (user_id, account, hash, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    userId,
    account,
    hash,
    changedAt,
  )
}

function readPassword(row: Row): PasswordRecord {
  return {
    userId: row.user_id as string,
    account: row.account as string | null,
    hash: row.hash as string,
    changedAt: row.changed_at as number,
  }
}
