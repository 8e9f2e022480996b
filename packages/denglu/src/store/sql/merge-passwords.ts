import { endSessions } from "./end-sessions.ts"
import type { MovedPassword } from "./merge-rows.ts"
import { lockSessionsByPassword } from "./passwords.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/**
 * What becomes of the absorbed user's password: it is the survivor's from now on, who was proven with it. Where the survivor has one, theirs
 * stays, and the absorbed user's is of no use any more, nor is its account name taken.
 */
export function* movePassword(survivorId: string, absorbedId: string): Script<MovedPassword | undefined> {
  const password = yield* passwordOf(absorbedId)
  if (password === undefined) return undefined
  const dropped = (yield* passwordOf(survivorId)) !== undefined
  yield dropped
    ? statement("DELETE FROM denglu_passwords WHERE user_id = ?", absorbedId)
    : statement("UPDATE denglu_passwords SET user_id = ? WHERE user_id = ?", survivorId, absorbedId)
  return { ...password, dropped }
}

/**
 * Gives a password back where the merge is undone. One that the survivor has chosen anew since is theirs, and an account name that somebody
 * has by now is left to them.
 */
export function* giveBackPassword(
  dialect: Dialect,
  { account, hash, changedAt, dropped }: MovedPassword,
  holderId: string,
  absorbedId: string,
  now: number,
): Script<string[]> {
  if (!dropped) {
    const { affected } = yield statement(
      "UPDATE denglu_passwords SET user_id = ? WHERE user_id = ? AND changed_at = ?",
      absorbedId,
      holderId,
      changedAt,
    )
    if (affected === 0) return []
    // Whoever has come in by it since is the other person.
    const sessions = yield* lockSessionsByPassword(dialect, holderId, now)
    return yield* endSessions(dialect, { sessions, reason: "merge_undone", actor: "system", now })
  }
  if ((yield* passwordOf(absorbedId)) !== undefined) return []
  yield statement(
    `INSERT INTO denglu_passwords (user_id, account, hash, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    absorbedId,
    account,
    hash,
    changedAt,
  )
  return []
}

/** What there is of a user's password, by exactly this id. */
export function* passwordOf(userId: string): Script<Omit<MovedPassword, "dropped"> | undefined> {
  const { rows } = yield statement(
    "SELECT account, hash, changed_at FROM denglu_passwords WHERE user_id = ?",
    userId,
  )
  const [row] = rows
  if (row === undefined) return undefined
  return {
    account: row.account as string | null,
    hash: row.hash as string,
    changedAt: row.changed_at as number,
  }
}
