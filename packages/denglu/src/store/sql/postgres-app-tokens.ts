import type { AppTokenLease, AppTokenRecord, NewAppToken } from "../store.ts"
import type { PostgresClient } from "./postgres-connection.ts"
import { readAppToken } from "./rows.ts"

export async function findAppToken(
  client: PostgresClient,
  appid: string,
): Promise<AppTokenRecord | undefined> {
  const { rows } = await client.query({
    name: "denglu_app_token",
    text: `SELECT version, sealed, expires_at, refused, forced_at, leased_until FROM denglu_app_tokens WHERE appid = $1`,
    values: [appid],
  })
  const [row] = rows
  return row === undefined ? undefined : readAppToken(row)
}

export async function leaseAppToken(
  client: PostgresClient,
  appid: string,
  { holder, version, now, until }: AppTokenLease,
): Promise<boolean> {
  const { rows } = await client.query({
    text: `
      INSERT INTO denglu_app_tokens AS t (appid, version, expires_at, refused, forced_at, holder, leased_until)
      VALUES ($1, 0, 0, 0, 0, $2, $3)
      ON CONFLICT (appid) DO UPDATE SET holder = excluded.holder, leased_until = excluded.leased_until
        WHERE t.version = $4 AND t.leased_until <= $5
      RETURNING 1 AS taken`,
    values: [appid, holder, until, version, now],
  })
  return rows.length === 1
}

export async function keepAppToken(
  client: PostgresClient,
  appid: string,
  holder: string,
  { sealed, expiresAt, forcedAt }: NewAppToken,
): Promise<number | undefined> {
  const { rows } = await client.query({
    text: `
      UPDATE denglu_app_tokens SET version = version + 1, sealed = $3, expires_at = $4, forced_at = $5, refused = 0,
        holder = NULL, leased_until = 0
      WHERE appid = $1 AND holder = $2
      RETURNING version`,
    values: [appid, holder, sealed, expiresAt, forcedAt],
  })
  const [row] = rows
  return row === undefined ? undefined : Number(row.version)
}

export async function releaseAppToken(client: PostgresClient, appid: string, holder: string): Promise<void> {
  await client.query({
    text: "UPDATE denglu_app_tokens SET holder = NULL, leased_until = 0 WHERE appid = $1 AND holder = $2",
    values: [appid, holder],
  })
}

export async function refuseAppToken(client: PostgresClient, appid: string, version: number): Promise<void> {
  await client.query({
    text: "UPDATE denglu_app_tokens SET refused = 1 WHERE appid = $1 AND version = $2",
    values: [appid, version],
  })
}
