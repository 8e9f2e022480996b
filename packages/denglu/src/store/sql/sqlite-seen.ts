import type { DatabaseSync } from "node:sqlite"

/** The statements about what may happen once. They must run inside a transaction that writes. */
export interface SeenStatements {
  see(key: string, expiresAt: number, now: number): boolean
  /** Drops marks that are over; answers how many, at most `limit`. */
  purge(now: number, limit: number): number
}

export function prepareSeen(database: DatabaseSync): SeenStatements {
  const see = database.prepare(`
    INSERT INTO seen (digest, expires_at) VALUES (?, ?)
    ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at WHERE seen.expires_at <= ?`)
  const purge = database.prepare(`
    DELETE FROM seen WHERE n IN (SELECT n FROM seen WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`)
  return {
    see: (key, expiresAt, now) => Number(see.run(key, expiresAt, now).changes) === 1,
    purge: (now, limit) => Number(purge.run(now, limit).changes),
  }
}
