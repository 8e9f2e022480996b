import type {
  AttachOutcome,
  AttachRequest,
  Conflict,
  ConflictPage,
  DetachOutcome,
  DetachRequest,
} from "../people-store.ts"
import { opens } from "../ways-in.ts"
import { recordEvent } from "./audit-events.ts"
import { endSessions, type LockedSession, lockSessionsOfIdentity } from "./end-sessions.ts"
import { identitiesOf, lockUsers, ownerIs, ownerOfIdentity, ownerOfUnionid } from "./owners.ts"
import { readIdentity } from "./rows.ts"
import { asText, type Dialect, type Script, statement } from "./script.ts"
import { unlinkSessions } from "./unlink-sessions.ts"
import { waysInOf } from "./ways-in.ts"

/** See `PeopleStore.attachIdentity`. What a login claims at the same time is found out by the writing itself. */
export function* attachIdentity(dialect: Dialect, request: AttachRequest): Script<AttachOutcome> {
  const { id, userId, appid, openid, unionid, openPlatform, sessionKey, now } = request
  const user = (yield* lockUsers([userId, userId])).get(userId)
  if (user === undefined || user.mergedInto !== null || user.leavesAt !== null) return { kind: "gone" }
  const known = yield* ownerOfIdentity(dialect, request)
  if (known !== undefined)
    return known.user_id === userId ? { kind: "known" } : { kind: "taken", userId: known.user_id }
  const claim = yield* claimUnionid(dialect, userId, unionid, openPlatform)
  if (claim.ownerId !== userId) return { kind: "taken", userId: claim.ownerId }
  const { affected } = yield statement(
    `INSERT INTO denglu_identities (${dialect === "sqlite" ? "user_n" : "user_id"}, appid, openid, unionid,
        open_platform, created_at, session_key, session_key_fingerprint, session_key_changed_at)
      VALUES (${dialect === "sqlite" ? "(SELECT n FROM denglu_users WHERE id = ?)" : "?"}, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`,
    userId,
    appid,
    openid,
    unionid,
    openPlatform,
    now,
    asText(sessionKey.sealed),
    sessionKey.fingerprint,
    now,
  )
  if (affected === 0) {
    if (claim.isNew) yield* releaseUnionid(userId, unionid as string, openPlatform)
    const winner = (yield* ownerOfIdentity(dialect, request))?.user_id
    if (winner === undefined) throw new Error("an identity is there and is not")
    return winner === userId ? { kind: "known" } : { kind: "taken", userId: winner }
  }
  yield recordEvent({ id, at: now, type: "identity.attached", userId, appid, actor: "user" })
  return { kind: "attached" }
}

/** Takes a unionid for the user, if it is nobody's. Answers whose it is then. */
function* claimUnionid(
  dialect: Dialect,
  userId: string,
  unionid: string | null,
  openPlatform: string,
): Script<{ readonly ownerId: string; readonly isNew: boolean }> {
  if (unionid === null) return { ownerId: userId, isNew: false }
  let isNew = false
  if (dialect !== "sqlite") {
    const { affected } = yield statement(
      `INSERT INTO denglu_unionids (unionid, open_platform, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
      unionid,
      openPlatform,
      userId,
    )
    isNew = affected === 1
  }
  return { ownerId: (yield* ownerOfUnionid(dialect, unionid, openPlatform)) ?? userId, isNew }
}

function* releaseUnionid(userId: string, unionid: string, openPlatform: string): Script<void> {
  yield statement(
    "DELETE FROM denglu_unionids WHERE unionid = ? AND open_platform = ? AND user_id = ?",
    unionid,
    openPlatform,
    userId,
  )
}

/** See `PeopleStore.detachIdentity`. */
export function* detachIdentity(dialect: Dialect, request: DetachRequest): Script<DetachOutcome> {
  const { id, userId, appid, openid, actor = "user", ways, now } = request
  yield* lockUsers([userId, userId])
  const identities = yield* identitiesOf(dialect, userId)
  const identity = identities.find(known => known.appid === appid && known.openid === openid)
  if (identity === undefined) return { kind: "unknown" }
  const others = identities.filter(known => known !== identity)
  const least = opens(appid, ways) ? 1 : 0
  if ((yield* waysInOf(dialect, userId, ways)).length <= least) return { kind: "last" }
  const sessions: LockedSession[] = yield* lockSessionsOfIdentity(dialect, { userId, appid, openid, now })
  if (dialect === "sqlite") yield unlinkSessions(userId, identity)
  else if (identity.unionid !== null && !others.some(other => sameUnionid(other, identity)))
    yield* releaseUnionid(userId, identity.unionid, identity.openPlatform)
  yield statement(
    `DELETE FROM denglu_identities WHERE openid = ? AND appid = ? AND ${ownerIs(dialect)}`,
    openid,
    appid,
    userId,
  )
  yield recordEvent({ id, at: now, type: "identity.detached", userId, appid, actor })
  const endedSessions = yield* endSessions(dialect, {
    sessions,
    reason: actor === "user" ? "revoked_by_user" : "revoked_by_wechat",
    actor,
    now,
  })
  return { kind: "detached", endedSessions }
}

interface WithUnionid {
  readonly unionid: string | null
  readonly openPlatform: string
}

function sameUnionid(one: WithUnionid, other: WithUnionid): boolean {
  return one.unionid === other.unionid && one.openPlatform === other.openPlatform
}

/** Identities that one look goes through. */
const inOneLook = 5_000

/** See `PeopleStore.listConflicts`. The cursor is an openid: however many apps know it, all of them are looked at together. */
export function* listConflicts(dialect: Dialect, cursor: string): Script<ConflictPage> {
  const { rows: ends } = yield statement(
    `SELECT openid FROM denglu_identities WHERE openid > ? ORDER BY openid LIMIT 1 OFFSET ${inOneLook - 1}`,
    cursor,
  )
  const end = ends[0]?.openid as string | undefined
  const within = end === undefined ? "i.openid > ?" : "i.openid > ? AND i.openid <= ?"
  const columns = "i.appid, i.openid, i.unionid, i.open_platform, i.created_at"
  const { rows } = yield statement(
    dialect === "sqlite"
      ? `SELECT ${columns}, u.id AS user_id, w.id AS owner_id FROM denglu_identities i
            JOIN denglu_users u ON u.n = i.user_n
            JOIN denglu_identities o ON o.n = (
              SELECT x.n FROM denglu_identities x
              WHERE x.unionid = i.unionid AND x.open_platform = i.open_platform ORDER BY x.n LIMIT 1)
            JOIN denglu_users w ON w.n = o.user_n
          WHERE ${within} AND i.unionid IS NOT NULL AND o.user_n <> i.user_n ORDER BY i.openid, i.appid`
      : `SELECT ${columns}, i.user_id, c.user_id AS owner_id FROM denglu_identities i
            JOIN denglu_unionids c ON c.unionid = i.unionid AND c.open_platform = i.open_platform
          WHERE ${within} AND c.user_id <> i.user_id ORDER BY i.openid, i.appid`,
    ...(end === undefined ? [cursor] : [cursor, end]),
  )
  const conflicts = rows.map(
    (row): Conflict => ({
      ...readIdentity(row),
      unionid: row.unionid as string,
      userId: row.user_id as string,
      ownerId: row.owner_id as string,
    }),
  )
  return { conflicts, ...(end === undefined ? {} : { cursor: end }) }
}
