import type { DatabaseSync } from "node:sqlite"
import type { AppTokenLease, AppTokenRecord, NewAppToken } from "../store.ts"
import { readAppToken } from "./rows.ts"

/** The statements about apps' `access_token`s. All but `find` must run inside a transaction that writes. */
export interface AppTokenStatements {
  find(appid: string): AppTokenRecord | undefined
  lease(appid: string, lease: AppTokenLease): boolean
  keep(appid: string, holder: string, token: NewAppToken): number | undefined
  release(appid: string, holder: string): void
  refuse(appid: string, version: number): void
}

export function prepareAppTokens(database: DatabaseSync): AppTokenStatements {
  const find = database.prepare(`
    SELECT version, sealed, expires_at, refused, forced_at, leased_until FROM app_tokens WHERE appid = ?`)
  const lease = database.prepare(`
    INSERT INTO app_tokens AS t (appid, version, expires_at, refused, forced_at, holder, leased_until)
    VALUES (?, 0, 0, 0, 0, ?, ?)
    ON CONFLICT (appid) DO UPDATE SET holder = excluded.holder, leased_until = excluded.leased_until
      WHERE t.version = ? AND t.leased_until <= ?`)
  const keep = database.prepare(`
    UPDATE app_tokens SET version = version + 1, sealed = ?, expires_at = ?, forced_at = ?, refused = 0, holder = NULL,
      leased_until = 0
    WHERE appid = ? AND holder = ?
    RETURNING version`)
  const release = database.prepare(
    "UPDATE app_tokens SET holder = NULL, leased_until = 0 WHERE appid = ? AND holder = ?",
  )
  const refuse = database.prepare("UPDATE app_tokens SET refused = 1 WHERE appid = ? AND version = ?")

  return {
    find(appid) {
      const row = find.get(appid)
      return row === undefined ? undefined : readAppToken(row)
    },
    lease: (appid, { holder, version, now, until }) =>
      Number(lease.run(appid, holder, until, version, now).changes) === 1,
    keep(appid, holder, { sealed, expiresAt, forcedAt }) {
      const row = keep.get(sealed, expiresAt, forcedAt, appid, holder)
      return row === undefined ? undefined : Number(row.version)
    },
    release: (appid, holder) => void release.run(appid, holder),
    refuse: (appid, version) => void refuse.run(appid, version),
  }
}
