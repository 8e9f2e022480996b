import { DatabaseSync } from "node:sqlite"

/** How long (ms) a statement waits for another process to finish its write. */
const busyTimeout = 2_000
/** Pages of the write-ahead log after which it is moved into the database: 32 MB. */
const checkpointPages = 8_000

/**
 * Opens the file with what the promises of the store need: WAL, and `synchronous=FULL`, with which a commit is on disk when it
 * returns (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export function openSqliteConnection(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeout, enableForeignKeyConstraints: true })
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      PRAGMA cache_size = -65536;
      PRAGMA temp_store = MEMORY;
    `)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** Begins a transaction that writes, so that it never has to be upgraded; waits for other writers. */
export const beginWriting = "BEGIN IMMEDIATE"
export const commit = "COMMIT"
export const rollback = "ROLLBACK"

/**
 * Takes a lock that lasts until the connection is closed or the process ends, however it ends. Nothing is written.
 *
 * @throws Error with code `ERR_SQLITE_ERROR` if another process (or another connection of this one) has it
 */
export function lockFile(path: string): DatabaseSync {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec("BEGIN EXCLUSIVE")
  } catch (error) {
    lock.close()
    throw error
  }
  return lock
}
