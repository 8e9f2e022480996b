import type { DatabaseSync, StatementSync } from "node:sqlite"
import type { RunOnSqlite } from "./script.ts"

/** Runs statements of scripts, each prepared once. */
export function prepareScripts(database: DatabaseSync): RunOnSqlite {
  const prepared = new Map<string, StatementSync>()
  return ({ text, values }) => {
    let known = prepared.get(text)
    if (known === undefined) {
      known = database.prepare(text)
      prepared.set(text, known)
    }
    const plain = values as readonly (string | number | null)[]
    if (/^\s*(SELECT|WITH)\b/.test(text)) return { rows: known.all(...plain), affected: 0 }
    return { rows: [], affected: Number(known.run(...plain).changes) }
  }
}
