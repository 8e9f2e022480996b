import { closeSync, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { DengluError } from "../errors.ts"

/** Makes the file before SQLite does, readable by its owner only; the log beside it gets the same mode from SQLite. */
export function makeSqliteFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  closeSync(openSync(path, "a", 0o600))
}

/**
 * What SQLite or the file system says, as our error; a mistake in our own code stays what it is. SQLite's messages name tables and
 * columns but never a value, so they may be kept.
 */
export function sqliteUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DengluError) return error
  const isOutside = error instanceof RangeError || "errcode" in error || "syscall" in error
  if (!isOutside) return error
  return new DengluError("store_unavailable", { message: `SQLite: ${error.message}`, retryAfter: 1 })
}
