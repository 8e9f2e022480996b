import { type TableName, type TableShape, type TransferRow, tables } from "../transfer/tables.ts"
import {
  finishedName,
  type TableProgress,
  type TransferSource,
  type TransferTarget,
} from "../transfer/transfer.ts"
import { numbers, type PostgresClient, texts } from "./postgres-connection.ts"
import { inTransaction } from "./postgres-server.ts"

/** Runs the work on a connection. */
type Use = <Result>(work: (client: PostgresClient) => Promise<Result>) => Promise<Result>

const columnsOf = ({ columns }: TableShape) => columns.map(({ name }) => name).join(", ")
const typesOf = ({ columns }: TableShape) =>
  columns
    .map(({ kind, name }) => `${kind === "text" ? "text" : name === "ends_on" ? "integer" : "bigint"}[]`)
    .map((type, index) => `$${index + 1}::${type}`)
    .join(", ")

function arraysOf(shape: TableShape, rows: readonly TransferRow[]): string[] {
  return shape.columns.map(({ kind, name }) =>
    kind === "text"
      ? texts(rows.map(row => row[name] as string | null))
      : numbers(rows.map(row => (row[name] ?? "NULL") as number)),
  )
}

async function countRows(client: PostgresClient, table: TableName): Promise<number> {
  const { rows } = await client.query({ text: `SELECT count(*) AS count FROM denglu_${table}` })
  return Number(rows[0]?.count)
}

/** Reads a PostgreSQL database for copying. */
export function postgresTransferSource(use: Use, close: () => Promise<void>): TransferSource {
  return {
    engine: "postgres",
    count: table => use(client => countRows(client, table)),
    read: (shape, cursor, limit) =>
      use(async client => {
        const key = shape.key.join(", ")
        const after = cursor === undefined ? undefined : (JSON.parse(cursor) as readonly (string | number)[])
        const places = shape.key.map((_, index) => `$${index + 2}`).join(", ")
        const { rows } = await client.query({
          text: `SELECT ${columnsOf(shape)} FROM denglu_${shape.name}
            ${after === undefined ? "" : `WHERE (${key}) > (${places})`} ORDER BY ${key} LIMIT $1`,
          values: [limit, ...(after ?? [])],
        })
        const found = rows as unknown as readonly TransferRow[]
        const last = found.at(-1)
        return {
          rows: found,
          cursor:
            last === undefined || found.length < limit
              ? undefined
              : JSON.stringify(shape.key.map(name => last[name])),
        }
      }),
    close,
  }
}

const makeProgress = `
CREATE TABLE IF NOT EXISTS denglu_copy (
  source text NOT NULL, name text NOT NULL, reached text, copied bigint NOT NULL, done boolean NOT NULL,
  PRIMARY KEY (source, name))`

/** Writes a PostgreSQL database for copying. */
export function postgresTransferTarget(use: Use, close: () => Promise<void>): TransferTarget {
  return {
    engine: "postgres",
    count: table => use(client => countRows(client, table)),
    progress: source =>
      use(async client => {
        const rows = await readNotes(client, source, "<>")
        if (rows.length === 0) return undefined
        return Object.fromEntries(
          rows.map(({ name, reached, copied, done }) => [
            name as TableName,
            {
              cursor: (reached as string | null) ?? undefined,
              copied: copied as number,
              done: done as boolean,
            },
          ]),
        )
      }),
    begin: source =>
      use(async client => {
        await client.query({ text: makeProgress })
        await client.query({
          text: `INSERT INTO denglu_copy (source, name, copied, done)
            SELECT $1, name, 0, false FROM unnest($2::text[]) AS t (name)`,
          values: [source, texts(tables.map(({ name }) => name))],
        })
      }),
    write: (source, shape, rows, progress) =>
      use(async client => {
        await inTransaction(client, async () => {
          // First, so that whoever reads how far the copy is waits for the end of this.
          await client.query(progressQuery(source, shape.name, progress))
          if (shape.isReplaced && progress.copied === rows.length)
            await client.query({ text: `DELETE FROM denglu_${shape.name}` })
          await client.query({
            name: `denglu_copy_${shape.name}`,
            text: `INSERT INTO denglu_${shape.name} (${columnsOf(shape)}) SELECT * FROM unnest(${typesOf(shape)})`,
            values: arraysOf(shape, rows),
          })
          return true
        })
      }),
    find: (shape, like) =>
      use(async client => {
        const keys = shape.columns.filter(({ name }) => shape.key.includes(name))
        const arrays = arraysOf({ ...shape, columns: keys }, like)
        const names = keys.map(({ name }) => name).join(", ")
        const columns = shape.columns.map(({ name }) => `t.${name}`).join(", ")
        const { rows } = await client.query({
          text: `SELECT ${columns} FROM unnest(${typesOf({ ...shape, columns: keys })}) AS k (${names})
            JOIN denglu_${shape.name} t USING (${names})`,
          values: arrays,
        })
        return rows as unknown as readonly TransferRow[]
      }),
    finished: source =>
      use(async client => {
        const [row] = await readNotes(client, source, "=")
        return row && { at: Number(row.reached), rows: Number(row.copied) }
      }),
    finish: (source, { at, rows }) =>
      use(async client => {
        // The tables were empty a moment ago: what is planned from now on should know better.
        for (const { name } of tables) await client.query({ text: `ANALYZE denglu_${name}` })
        await inTransaction(client, async () => {
          await client.query({
            text: `UPDATE denglu_counters SET value =
              greatest(value, (SELECT coalesce(max(n), 0) FROM denglu_revocations)) WHERE name = 'revocations'`,
          })
          await client.query({ text: "DELETE FROM denglu_copy" })
          await client.query(
            progressQuery(source, finishedName, { cursor: String(at), copied: rows, done: true }),
          )
          return true
        })
      }),
    close,
  }
}

/** What is noted of copies from this source: how far each table is, or with `=` that one is finished. */
async function readNotes(client: PostgresClient, source: string, comparison: "=" | "<>") {
  const found = await client.query({ text: "SELECT to_regclass('denglu_copy') IS NOT NULL AS there" })
  if (found.rows[0]?.there !== true) return []
  const { rows } = await client.query({
    text: `SELECT name, reached, copied, done FROM denglu_copy
      WHERE source = $1 AND name ${comparison} $2 FOR UPDATE`,
    values: [source, finishedName],
  })
  return rows
}

function progressQuery(
  source: string,
  table: TableName | typeof finishedName,
  { cursor, copied, done }: TableProgress,
) {
  return {
    name: "denglu_copy_progress",
    text: `INSERT INTO denglu_copy (source, name, reached, copied, done) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (source, name) DO UPDATE SET reached = excluded.reached, copied = excluded.copied,
        done = excluded.done`,
    values: [source, table, cursor ?? null, copied, done],
  }
}
