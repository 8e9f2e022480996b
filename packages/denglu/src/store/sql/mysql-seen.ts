import { bytes, type MysqlConnection, number } from "./mysql-connection.ts"

/**
 * Marks the key; answers whether it was not marked. Each of the two statements is atomic and commits by itself: the first takes over a mark that is
 * over, the second makes one where there is none, and no caller can be let through by both, nor two by either.
 */
export async function seeOnce(
  connection: MysqlConnection,
  key: string,
  expiresAt: number,
  now: number,
): Promise<boolean> {
  const [taken, made] = await connection.query([
    `UPDATE denglu_seen SET expires_at = ${number(expiresAt)}
      WHERE digest = ${bytes(key)} AND expires_at <= ${number(now)}`,
    `INSERT IGNORE INTO denglu_seen (digest, expires_at) VALUES (${bytes(key)}, ${number(expiresAt)})`,
  ])
  return (taken?.affected ?? 0) + (made?.affected ?? 0) === 1
}

/** Drops marks that are over; answers how many, at most `limit`. */
export async function dropSeen(connection: MysqlConnection, now: number, limit: number): Promise<number> {
  const [dropped] = await connection.query([
    `DELETE FROM denglu_seen WHERE expires_at <= ${number(now)} ORDER BY expires_at, digest LIMIT ${number(limit)}`,
  ])
  return dropped?.affected ?? 0
}
