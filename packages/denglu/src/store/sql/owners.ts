import type { FindUsersBy } from "../people-store.ts"
import type { Identity, User } from "../store.ts"
import { type Row, readIdentity, readUser } from "./rows.ts"
import { type Dialect, type Script, statement } from "./script.ts"

/** Rows of identities and sessions name their user by number in SQLite, elsewhere by id. A user's id is the one value. */
export function ownerIs(dialect: Dialect): string {
  return dialect === "sqlite" ? "user_n = (SELECT n FROM denglu_users WHERE id = ?)" : "user_id = ?"
}

/** What joins the user `u` of a row. */
export function joinOwner(dialect: Dialect, row: string): string {
  return `JOIN denglu_users u ON ${dialect === "sqlite" ? `u.n = ${row}.user_n` : `u.id = ${row}.user_id`}`
}

/** A user's row, with what decides on merges. */
export interface UserRow {
  readonly id: string
  readonly leavesAt: number | null
  readonly mergedInto: string | null
}

/** Locks users in the order of their ids and answers those there are. */
export function* lockUsers(ids: readonly [string, string]): Script<ReadonlyMap<string, UserRow>> {
  const { rows } = yield statement(
    "SELECT id, leaves_at, merged_into FROM denglu_users WHERE id IN (?, ?) ORDER BY id FOR UPDATE",
    ...ids,
  )
  return new Map(
    rows.map(row => [
      row.id as string,
      {
        id: row.id as string,
        leavesAt: row.leaves_at as number | null,
        mergedInto: row.merged_into as string | null,
      },
    ]),
  )
}

/** A user by exactly this id, with identities. */
export function* findUserRow(
  dialect: Dialect,
  id: string,
): Script<(User & { readonly row: UserRow }) | undefined> {
  const { rows } = yield statement(
    `SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at, merged_into
      FROM denglu_users WHERE id = ?`,
    id,
  )
  const [row] = rows
  if (row === undefined) return undefined
  return {
    ...readUser(row),
    identities: yield* identitiesOf(dialect, id),
    row: {
      id,
      leavesAt: row.leaves_at as number | null,
      mergedInto: row.merged_into as string | null,
    },
  }
}

export function* identitiesOf(dialect: Dialect, userId: string): Script<Identity[]> {
  const { rows } = yield statement(
    `SELECT appid, openid, unionid, open_platform, created_at FROM denglu_identities WHERE ${ownerIs(dialect)}
      ORDER BY ${dialect === "sqlite" ? "n" : "created_at, appid, openid"}`,
    userId,
  )
  return rows.map(readIdentity)
}

/** Whose a unionid is, if it is anybody's. In SQLite that of its oldest identity. */
export function* ownerOfUnionid(
  dialect: Dialect,
  unionid: string,
  openPlatform: string,
): Script<string | undefined> {
  const { rows } = yield dialect === "sqlite"
    ? statement(
        `SELECT u.id AS user_id FROM denglu_identities i JOIN denglu_users u ON u.n = i.user_n
          WHERE i.unionid = ? AND i.open_platform = ? ORDER BY i.n LIMIT 1`,
        unionid,
        openPlatform,
      )
    : statement(
        "SELECT user_id FROM denglu_unionids WHERE unionid = ? AND open_platform = ?",
        unionid,
        openPlatform,
      )
  return rows[0]?.user_id as string | undefined
}

/** The user of an identity, if anybody has it. */
export function* ownerOfIdentity(
  dialect: Dialect,
  { appid, openid }: Pick<Identity, "appid" | "openid">,
): Script<(Row & { readonly user_id: string; readonly unionid: string | null }) | undefined> {
  const { rows } = yield statement(
    `SELECT u.id AS user_id, i.unionid FROM denglu_identities i ${joinOwner(dialect, "i")}
      WHERE i.openid = ? AND i.appid = ?`,
    openid,
    appid,
  )
  return rows[0] as (Row & { user_id: string; unionid: string | null }) | undefined
}

/** See `PeopleStore.findUsersBy`. */
export function* findUsersBy(dialect: Dialect, what: FindUsersBy): Script<string[]> {
  const { rows } = yield "openid" in what
    ? statement(
        `SELECT DISTINCT u.id AS user_id FROM denglu_identities i ${joinOwner(dialect, "i")} WHERE i.openid = ? ORDER BY u.id`,
        what.openid,
      )
    : dialect === "sqlite"
      ? statement(
          `SELECT DISTINCT u.id AS user_id FROM denglu_identities i JOIN denglu_users u ON u.n = i.user_n
            WHERE i.unionid = ? AND i.n = (SELECT min(x.n) FROM denglu_identities x
              WHERE x.unionid = i.unionid AND x.open_platform = i.open_platform) ORDER BY u.id`,
          what.unionid,
        )
      : statement(
          "SELECT DISTINCT user_id FROM denglu_unionids WHERE unionid = ? ORDER BY user_id",
          what.unionid,
        )
  return rows.map(({ user_id }) => user_id as string)
}
