import { endsOn } from "../session-rules.ts"
import type { Session } from "../store.ts"
import { asText, type Dialect, type Statement, statement } from "./script.ts"

/** Opens a session that is new: for ways in that are scripts. A login by a code of WeChat's has a statement of its own. */
export function insertSession(dialect: Dialect, session: Session): Statement {
  const shared = `id, appid, created_at, rotated_at, idle_expires_at, absolute_expires_at, user_agent, opened_by, counter`
  const values = [
    session.id,
    session.appid,
    session.createdAt,
    session.rotatedAt,
    session.idleExpiresAt,
    session.absoluteExpiresAt,
    asText(session.userAgent),
    session.openedBy,
  ]
  if (dialect === "sqlite")
    return statement(
      `INSERT INTO denglu_sessions (${shared}, user_n, identity_n)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, (SELECT n FROM denglu_users WHERE id = ?),
          (SELECT n FROM denglu_identities WHERE openid = ? AND appid = ?))`,
      ...values,
      session.userId,
      session.openid,
      session.appid,
    )
  return statement(
    `INSERT INTO denglu_sessions (${shared}, user_id, openid, ends_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
    ...values,
    session.userId,
    session.openid,
    endsOn(session.idleExpiresAt),
  )
}
