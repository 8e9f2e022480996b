import type { AppTokenLease, AppTokenRecord, NewAppToken } from "../store.ts"
import { bytes, type MysqlConnection, number, text } from "./mysql-connection.ts"
import { readAppToken } from "./rows.ts"

export async function findAppToken(
  connection: MysqlConnection,
  appid: string,
): Promise<AppTokenRecord | undefined> {
  const [found] = await connection.query([
    `SELECT version, sealed, expires_at, refused, forced_at, leased_until FROM denglu_app_tokens WHERE appid = ${bytes(appid)}`,
  ])
  const row = found?.rows[0]
  return row === undefined ? undefined : readAppToken(row)
}

/** One round trip. Assignments happen from left to right, so the second sees whether the first has taken the lease. */
export async function leaseAppToken(
  connection: MysqlConnection,
  appid: string,
  { holder, version, now, until }: AppTokenLease,
): Promise<boolean> {
  const [, found] = await connection.query([
    `INSERT INTO denglu_app_tokens (appid, version, expires_at, refused, forced_at, holder, leased_until)
      VALUES (${bytes(appid)}, 0, 0, 0, 0, ${bytes(holder)}, ${number(until)})
      ON DUPLICATE KEY UPDATE
        holder = IF(version = ${number(version)} AND leased_until <= ${number(now)}, ${bytes(holder)}, holder),
        leased_until = IF(holder = ${bytes(holder)}, ${number(until)}, leased_until)`,
    `SELECT 1 AS taken FROM denglu_app_tokens WHERE appid = ${bytes(appid)} AND holder = ${bytes(holder)}`,
  ])
  return found?.rows.length === 1
}

/** One round trip. The version is the holder's own: while the lease is theirs nobody else moves it. */
export async function keepAppToken(
  connection: MysqlConnection,
  appid: string,
  holder: string,
  { sealed, expiresAt, forcedAt }: NewAppToken,
): Promise<number | undefined> {
  const [, kept, found] = await connection.query([
    "BEGIN",
    `UPDATE denglu_app_tokens SET version = version + 1, sealed = ${text(sealed)}, expires_at = ${number(expiresAt)},
        forced_at = ${number(forcedAt)}, refused = 0, holder = NULL, leased_until = 0
      WHERE appid = ${bytes(appid)} AND holder = ${bytes(holder)}`,
    `SELECT version FROM denglu_app_tokens WHERE appid = ${bytes(appid)}`,
    "COMMIT",
  ])
  return kept?.affected === 1 ? Number(found?.rows[0]?.version) : undefined
}

export async function releaseAppToken(
  connection: MysqlConnection,
  appid: string,
  holder: string,
): Promise<void> {
  await connection.query([
    `UPDATE denglu_app_tokens SET holder = NULL, leased_until = 0 WHERE appid = ${bytes(appid)} AND holder = ${bytes(holder)}`,
  ])
}

export async function refuseAppToken(
  connection: MysqlConnection,
  appid: string,
  version: number,
): Promise<void> {
  await connection.query([
    `UPDATE denglu_app_tokens SET refused = 1 WHERE appid = ${bytes(appid)} AND version = ${number(version)}`,
  ])
}
