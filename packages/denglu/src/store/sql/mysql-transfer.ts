import type { TableName, TableShape, TransferRow } from "../transfer/tables.ts"
import { tables } from "../transfer/tables.ts"
import {
  finishedName,
  type TableProgress,
  type TransferSource,
  type TransferTarget,
} from "../transfer/transfer.ts"
import { table as asTable, bytes, type MysqlConnection, number, text } from "./mysql-connection.ts"

/** Runs the work on a connection. */
type Use = <Result>(work: (connection: MysqlConnection) => Promise<Result>) => Promise<Result>

/** Rows in one packet: below 4 MB, which is all that some servers take, however long their texts are. */
const rowsInOnePacket = 250

/** The columns that are text; all others of that kind are bytes. */
const textColumns = new Set([
  "nickname",
  "avatar_url",
  "session_key",
  "previous_session_key",
  "user_agent",
  "public_jwk",
  "sealed_private_key",
])

const columnsOf = ({ columns }: TableShape, prefix = "") =>
  columns.map(({ name }) => `${prefix}${name}`).join(", ")

function literal(name: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "NULL"
  if (typeof value === "number") return number(value)
  return textColumns.has(name) ? text(value) : bytes(value)
}

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / rowsInOnePacket) }, (_, index) =>
    items.slice(index * rowsInOnePacket, (index + 1) * rowsInOnePacket),
  )
}

async function countRows(connection: MysqlConnection, table: TableName): Promise<number> {
  const [answer] = await connection.query([`SELECT COUNT(*) AS count FROM denglu_${table}`])
  return Number(answer?.rows[0]?.count)
}

/** Behind the row with these values of the key. Said so that it is a range of the index; of `(a, b) > (1, 2)` MySQL makes none. */
function behind(key: readonly string[], values: readonly (string | number)[]): string {
  const cases = key.map((name, index) =>
    [
      ...key.slice(0, index).map((before, at) => `${before} = ${literal(before, values[at])}`),
      `${name} > ${literal(name, values[index])}`,
    ].join(" AND "),
  )
  return cases.map(one => `(${one})`).join(" OR ")
}

/** Reads a MySQL database for copying. */
export function mysqlTransferSource(use: Use, close: () => Promise<void>): TransferSource {
  return {
    engine: "mysql",
    count: table => use(connection => countRows(connection, table)),
    read: (shape, cursor, limit) =>
      use(async connection => {
        const after = cursor === undefined ? undefined : (JSON.parse(cursor) as readonly (string | number)[])
        const [answer] = await connection.query([
          `SELECT ${columnsOf(shape)} FROM denglu_${shape.name} FORCE INDEX (PRIMARY)
            ${after === undefined ? "" : `WHERE ${behind(shape.key, after)}`}
            ORDER BY ${shape.key.join(", ")} LIMIT ${number(limit)}`,
        ])
        const rows = (answer?.rows ?? []) as readonly TransferRow[]
        const last = rows.at(-1)
        return {
          rows,
          cursor:
            last === undefined || rows.length < limit
              ? undefined
              : JSON.stringify(shape.key.map(name => last[name])),
        }
      }),
    close,
  }
}

/** Writes a MySQL database for copying. */
export function mysqlTransferTarget(use: Use, close: () => Promise<void>): TransferTarget {
  return {
    engine: "mysql",
    count: table => use(connection => countRows(connection, table)),
    progress: source => use(connection => readProgress(connection, source)),
    begin: source =>
      use(async connection => {
        await connection.query([makeProgress])
        const rows = tables.map(({ name }) => `(${bytes(source)}, ${bytes(name)}, 0, 0)`)
        await connection.query([
          `INSERT INTO denglu_copy (source, name, copied, done) VALUES ${rows.join(", ")}`,
        ])
      }),
    write: (source, shape, rows, progress) =>
      use(async connection => {
        const isReplacing = shape.isReplaced && progress.copied === rows.length
        await connection.query([
          "BEGIN",
          // First, so that whoever reads how far the copy is waits for the end of this.
          progressText(source, shape.name, progress),
          ...(isReplacing ? [`DELETE FROM denglu_${shape.name}`] : []),
        ])
        for (const chunk of chunksOf(rows)) await connection.query([insertText(shape, chunk)])
        await connection.query(["COMMIT"])
      }),
    find: (shape, like) =>
      use(async connection => {
        const found: TransferRow[] = []
        for (const chunk of chunksOf(like)) {
          const [answer] = await connection.query([findText(shape, chunk)])
          found.push(...((answer?.rows ?? []) as readonly TransferRow[]))
        }
        return found
      }),
    finished: source =>
      use(async connection => {
        const [row] = await readNotes(connection, source, "=")
        return row && { at: Number(row.reached), rows: Number(row.copied) }
      }),
    finish: (source, { at, rows }) =>
      use(async connection => {
        // The tables were empty a moment ago: what is planned from now on should know better.
        for (const { name } of tables) await connection.query([`ANALYZE TABLE denglu_${name}`])
        await connection.query([
          "BEGIN",
          `UPDATE denglu_counters SET value = GREATEST(value, (SELECT COALESCE(MAX(n), 0) FROM denglu_revocations))
            WHERE name = ${bytes("revocations")}`,
          "DELETE FROM denglu_copy",
          progressText(source, finishedName, { cursor: String(at), copied: rows, done: true }),
          "COMMIT",
        ])
      }),
    close,
  }
}

const makeProgress = `
CREATE TABLE IF NOT EXISTS denglu_copy (
  source VARBINARY(64) NOT NULL, name VARBINARY(64) NOT NULL, reached BLOB, copied BIGINT NOT NULL,
  done INTEGER NOT NULL, PRIMARY KEY (source, name)) ENGINE = InnoDB`

/** There is no such table. */
const noTable = 1146

/** What is noted of copies from this source: how far each table is, or with `=` that one is finished. */
async function readNotes(connection: MysqlConnection, source: string, comparison: "=" | "<>") {
  const [answer] = await connection
    .query([
      `SELECT name, reached, copied, done FROM denglu_copy
        WHERE source = ${bytes(source)} AND name ${comparison} ${bytes(finishedName)} FOR UPDATE`,
    ])
    .catch(error => {
      if (error?.errno === noTable) return []
      throw error
    })
  return answer?.rows ?? []
}

async function readProgress(connection: MysqlConnection, source: string) {
  const rows = await readNotes(connection, source, "<>")
  if (rows.length === 0) return undefined
  return Object.fromEntries(
    rows.map(({ name, reached, copied, done }) => [
      name as TableName,
      { cursor: (reached as string | null) ?? undefined, copied: copied as number, done: done === 1 },
    ]),
  )
}

function insertText(shape: TableShape, rows: readonly TransferRow[]): string {
  const values = rows.map(row => `(${shape.columns.map(({ name }) => literal(name, row[name])).join(", ")})`)
  return `INSERT INTO denglu_${shape.name} (${columnsOf(shape)}) VALUES ${values.join(", ")}`
}

function findText(shape: TableShape, like: readonly TransferRow[]): string {
  const keys = asTable(
    shape.key,
    like.map(row => shape.key.map(name => literal(name, row[name]))),
  )
  const same = shape.key.map(name => `t.${name} = k.${name}`).join(" AND ")
  return `SELECT ${columnsOf(shape, "t.")} FROM ${keys} k
    LEFT JOIN denglu_${shape.name} t FORCE INDEX (PRIMARY) ON ${same} WHERE t.${shape.key[0]} IS NOT NULL`
}

function progressText(
  source: string,
  table: TableName | typeof finishedName,
  { cursor, copied, done }: TableProgress,
): string {
  return `INSERT INTO denglu_copy (source, name, reached, copied, done)
    VALUES (${bytes(source)}, ${bytes(table)}, ${bytes(cursor)}, ${number(copied)}, ${done ? 1 : 0})
    ON DUPLICATE KEY UPDATE reached = VALUES(reached), copied = VALUES(copied), done = VALUES(done)`
}
