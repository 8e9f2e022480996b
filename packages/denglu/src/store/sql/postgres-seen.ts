import type { PostgresClient } from "./postgres-connection.ts"

/** Marks the key; answers whether it was not marked. A mark that is over counts for none. */
export async function seeOnce(
  client: PostgresClient,
  key: string,
  expiresAt: number,
  now: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: "denglu_see_once",
    text: `INSERT INTO denglu_seen AS s (digest, expires_at) VALUES ($1, $2)
      ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at WHERE s.expires_at <= $3`,
    values: [key, expiresAt, now],
  })
  return rowCount === 1
}

/** Drops marks that are over; answers how many, at most `limit`. */
export async function dropSeen(client: PostgresClient, now: number, limit: number): Promise<number> {
  const { rowCount } = await client.query({
    name: "denglu_drop_seen",
    text: `DELETE FROM denglu_seen WHERE expires_at <= $1 AND digest IN
      (SELECT digest FROM denglu_seen WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    values: [now, limit],
  })
  return rowCount ?? 0
}
