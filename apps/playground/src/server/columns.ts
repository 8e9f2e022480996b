import type { RowChange, Text } from "../protocol.ts"
import { type Masker, masked } from "./masker.ts"
import { secretReason } from "./secrets.ts"

/** A row as the database has it. */
export type StoredRow = Readonly<Record<string, unknown>>

/** How a row's name is found: by the first of these columns that its table has. */
const nameColumns = ["id", "kid", "openid", "session_id", "n", "name"]

const sealed: Text = {
  en: "Encrypted with DENGLU_SECRET, which is not in the database: a stolen database does not open it.",
  zh: "用 DENGLU_SECRET 加密，而该密钥不在数据库中：数据库泄露也无法解开。",
}

/** The columns that hold such a text, of whichever table. */
const sealedColumns: ReadonlySet<string> = new Set([
  "session_key",
  "previous_session_key",
  "sealed_private_key",
  // Of a password.
  "hash",
])
const timeColumns = /_(at|since|after)$/

/** What the row is called by, as far as it may be shown. */
export function rowName(row: StoredRow, masker: Masker): string {
  const column = nameColumns.find(name => row[name] !== undefined && row[name] !== null)
  return column === undefined ? "" : (shownCell(column, row[column], masker) ?? "")
}

/** The columns of a row that was added, changed or removed; of a changed one those that differ. NULL is left out. */
export function changedColumns(
  before: StoredRow | undefined,
  after: StoredRow | undefined,
  masker: Masker,
): RowChange["columns"] {
  return Object.keys(after ?? before ?? {})
    .filter(name => before === undefined || after === undefined || !sameCell(before[name], after[name]))
    .map(name => {
      const shownBefore = shownCell(name, before?.[name], masker)
      const shownAfter = shownCell(name, after?.[name], masker)
      const secret = sealedColumns.has(name)
        ? sealed
        : secretReason(name, false, String(after?.[name] ?? before?.[name]))
      return {
        name,
        ...(shownBefore === undefined ? {} : { before: shownBefore }),
        ...(shownAfter === undefined ? {} : { after: shownAfter }),
        ...(secret === undefined ? {} : { secret }),
      }
    })
    .filter(column => column.before !== undefined || column.after !== undefined)
}

export function sameCell(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  return one === other
}

/** `undefined` for what is not there: SQL's NULL. */
function shownCell(column: string, value: unknown, masker: Masker): string | undefined {
  if (value === undefined || value === null) return undefined
  if (value instanceof Uint8Array) return `«encrypted, ${value.byteLength} bytes»`
  const text = String(value)
  if (sealedColumns.has(column)) return `«encrypted, ${Buffer.from(text, "base64url").length} bytes»`
  if (timeColumns.test(column) && typeof value === "number") return isoTime(value)
  return secretReason(column) === undefined ? masker.scrub(text) : masked(text)
}

function isoTime(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
