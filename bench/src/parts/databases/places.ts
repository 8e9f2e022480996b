import { copyFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Place } from "../../measure/rounds.ts"
import type { World } from "./world.ts"

let windows = 0

/** A copy of a template in PostgreSQL, for one window. */
export async function inPostgres(world: World, template: string): Promise<Place> {
  windows += 1
  const database = `window_${windows}`
  world.postgres.create(database, template)
  const place = inDatabase(world, database)
  return {
    ...place,
    async close(requests) {
      const more = await place.close(requests)
      world.postgres.drop(database)
      return more
    },
  }
}

/** A database in PostgreSQL as it is. Tells how often the log was flushed to disk, for each request. */
export function inDatabase({ postgres }: World, database: string): Place {
  const flushes = () => Number(postgres.ask("postgres", "SELECT wal_sync FROM pg_stat_wal"))
  const before = flushes()
  return {
    env: { BENCH_STORE: postgres.url(database) },
    own: { database: [postgres.pid] },
    // The servers have ended by now: their connections have told all that they counted.
    close: async requests => ({ flushes: (flushes() - before) / requests }),
  }
}

/** The same in MariaDB. */
export async function inMariaDb({ mariadb }: World, template: string): Promise<Place> {
  windows += 1
  const database = `window_${windows}`
  mariadb.create(database, template)
  return {
    env: { BENCH_STORE: mariadb.url(database) },
    own: { database: [mariadb.pid] },
    async close() {
      mariadb.drop(database)
      return {}
    },
  }
}

/** A copy of a file for SQLite. @param prefix what stands before its path in the URL */
export async function inFile({ folder }: World, template: string, prefix: string): Promise<Place> {
  windows += 1
  const path = join(folder, `window-${windows}.db`)
  copyFileSync(join(folder, template), path)
  return {
    env: { BENCH_STORE: `${prefix}${path}` },
    own: {},
    async close() {
      for (const tail of ["", "-wal", "-shm"]) rmSync(path + tail, { force: true })
      return {}
    },
  }
}

/** Redis beside another place, emptied first. */
export async function withRedis({ redis }: World, place: Promise<Place>): Promise<Place> {
  const { env, own, close } = await place
  redis.empty()
  return {
    env: { ...env, BENCH_REDIS: redis.url },
    own: { ...own, database: [...(own.database ?? []), redis.pid] },
    close,
  }
}

export async function nowhere(store?: string): Promise<Place> {
  return { env: store === undefined ? {} : { BENCH_STORE: store }, own: {}, close: async () => ({}) }
}
