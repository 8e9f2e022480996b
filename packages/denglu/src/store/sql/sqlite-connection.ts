import { DatabaseSync } from "node:sqlite"

/** How long (ms) a statement waits for another process to finish its write. */
const busyTimeout = 2_000
/** Pages of the write-ahead log after which it is moved into the database: 32 MB. */
const checkpointPages = 8_000

/**
 * Opens the file with what the promises of the store need: WAL, and `synchronous=FULL`, with which a commit is on disk when it
 * returns (https://sqlite.org/pragma.html#pragma_synchronous). What is deleted is overwritten with zeros at once; see {@link scrubSqlite} for
 * what that leaves.
 *
 * The schema's foreign keys are not enforced: without an index on `sessions.identity_n`, which every login would pay for, each deleted identity has
 * all sessions looked at. The tests of the contract check them instead.
 */
export function openSqliteConnection(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeout, enableForeignKeyConstraints: false })
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      PRAGMA cache_size = -65536;
      PRAGMA temp_store = MEMORY;
      PRAGMA secure_delete = ON;
    `)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** Whether a statement failed because another process was writing all the time it waited (SQLITE_BUSY, whatever the reason). */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown }
  return typeof errcode === "number" && (errcode & 0xff) === 5
}

/** As large (bytes) a file as is scrubbed: that takes about 6 s, in which nothing else happens. A larger one is for its operator. */
const mostScrubbed = 1_073_741_824

/**
 * Removes what erased rows have left in the file, if any were erased since the last time. `secure_delete` overwrites a row where it is, but a
 * B-tree that was balanced while the row was there has kept copies in unused parts of its pages: about one row in two hundred. So the file
 * is written anew, and the log is emptied.
 *
 * Answers `nothing` if nothing was erased, and `refused` for a file above a gigabyte, and where somebody else reads it.
 */
export function scrubSqlite(database: DatabaseSync): "done" | "nothing" | "refused" {
  if (database.prepare("SELECT since FROM residue LIMIT 1").get() === undefined) return "nothing"
  const { bytes } = database
    .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .get() as {
    bytes: number
  }
  if (bytes > mostScrubbed) return "refused"
  database.exec("VACUUM")
  const { busy } = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number }
  if (busy === 0) database.exec("DELETE FROM residue")
  return busy === 0 ? "done" : "refused"
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
