import { existsSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import type { RowChange } from "../protocol.ts"
import { changedColumns, rowName, type StoredRow, sameCell } from "./columns.ts"
import type { Masker } from "./masker.ts"

/** Finds out what requests did to the login server's database. */
export interface RowWatch {
  /** Call it before a request is sent. */
  begin(): void
  /** Call it when the request is over: what was changed since the last answer of this method or, if nothing was under way, since `begin`. */
  end(): readonly RowChange[]
}

/** The rows of each table, by their primary key. */
type Snapshot = ReadonlyMap<string, ReadonlyMap<string, StoredRow>>

/** Tables that the server writes in its own time, whoever asks for something just then. */
const ofBackground: ReadonlySet<string> = new Set(["audit_blocks"])

/** The newest rows of each table: those a login touches, unless thousands logged in since. */
const mostRows = 5_000

/**
 * Watches the tables of an SQLite file by looking at them before and after. It opens the file for reading only and closes it again
 * at once: in WAL mode a reader keeps no writer waiting, and the file may be put away while nothing is under way.
 */
export function createRowWatch(path: string, masker: Masker): RowWatch {
  /** `undefined`: it could not be read, which says nothing about the rows. */
  let last: Snapshot | undefined
  let underWay = 0
  return {
    begin() {
      if (underWay === 0) last = readTables(path)
      underWay += 1
    },
    end() {
      underWay -= 1
      const now = readTables(path)
      const changes = last === undefined || now === undefined ? [] : compare(last, now, masker)
      last = now ?? last
      return changes
    },
  }
}

/** Empty if the file is not there yet; `undefined` if it can't be read, or is no database. */
function readTables(path: string): Snapshot | undefined {
  if (!existsSync(path)) return new Map()
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    try {
      // One moment of all tables, though another process may write.
      database.exec("BEGIN")
      const tables = database
        .prepare(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
        )
        .all()
      const names = tables.map(({ name }) => String(name)).filter(name => !ofBackground.has(name))
      return new Map(names.map(name => [name, readTable(database, name)]))
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof Error && "errcode" in error) return undefined
    throw error
  }
}

function readTable(database: DatabaseSync, table: string): ReadonlyMap<string, StoredRow> {
  const quoted = `"${table.replaceAll('"', '""')}"`
  const keys = database
    .prepare("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")
    .all(table)
    .map(({ name }) => String(name))
  const order = keys.map(key => `"${key.replaceAll('"', '""')}" DESC`).join(", ") || "rowid DESC"
  const rows = database.prepare(`SELECT * FROM ${quoted} ORDER BY ${order} LIMIT ${mostRows}`).all()
  return new Map(rows.map(row => [JSON.stringify(keys.map(key => row[key])), row]))
}

function compare(before: Snapshot, after: Snapshot, masker: Masker): readonly RowChange[] {
  return [...after].flatMap(([table, rows]) => {
    const old = before.get(table) ?? new Map<string, StoredRow>()
    const added = [...rows].filter(([key]) => !old.has(key)).map(([, row]) => change(undefined, row))
    const changed = [...rows].flatMap(([key, row]) => {
      const was = old.get(key)
      return was === undefined || sameRow(was, row) ? [] : [change(was, row)]
    })
    // Beyond the limit a row may be gone from view only.
    const removed =
      old.size >= mostRows
        ? []
        : [...old].filter(([key]) => !rows.has(key)).map(([, row]) => change(row, undefined))
    return [...added, ...changed, ...removed]

    function change(was: StoredRow | undefined, is: StoredRow | undefined): RowChange {
      return {
        table,
        change: was === undefined ? "added" : is === undefined ? "removed" : "changed",
        key: rowName(is ?? was ?? {}, masker),
        columns: changedColumns(was, is, masker),
      }
    }
  })
}

function sameRow(one: StoredRow, other: StoredRow): boolean {
  return Object.keys(one).every(name => sameCell(one[name], other[name]))
}
