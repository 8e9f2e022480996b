import { DatabaseSync } from "node:sqlite"
import { afterEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { migrateSqlite, sqliteSteps } from "../../src/store/sql/sqlite-schema.ts"
import { dropMysql, dropPostgres } from "../support/engines.ts"
import { endBystanders, schemaEngines } from "../support/schema-engines.ts"

afterEach(async () => {
  await endBystanders()
  await dropPostgres()
  await dropMysql()
})

interface Column {
  /** Table and name. */
  readonly name: string
  /** What it holds, and whether it may be NULL. */
  readonly kind: string
  /** Whether a statement that does not know it may leave it out. */
  readonly canBeLeftOut: boolean
}

interface Schema {
  readonly columns: readonly Column[]
  /** Tables, and the columns no two rows of which may be equal. */
  readonly unique: readonly string[]
}

/** Code of the schema before goes on: all it knows is as it was, and what it does not know it may leave out. */
function expectToRunCodeOf(before: Schema, after: Schema): void {
  const tables = new Set(before.columns.map(({ name }) => name.split(".")[0]))
  const now = new Map(after.columns.map(column => [column.name, column]))
  for (const column of before.columns) expect(now.get(column.name)).toEqual(column)
  const added = after.columns.filter(
    ({ name }) => tables.has(name.split(".")[0]) && !before.columns.some(column => column.name === name),
  )
  expect(added.filter(({ canBeLeftOut }) => !canBeLeftOut)).toEqual([])
  const ofOldTables = (all: readonly string[]) => all.filter(name => tables.has(name.split(".")[0]))
  expect(ofOldTables(after.unique)).toEqual(ofOldTables(before.unique))
}

const uniqueInPostgres = `SELECT tablename || '.' || substring(indexdef from '\\(.*') AS name FROM pg_indexes
  WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE%' ORDER BY name`
const uniqueInMysql = `SELECT CONCAT(table_name, '.', GROUP_CONCAT(column_name ORDER BY seq_in_index)) AS name
  FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0
  GROUP BY table_name, index_name ORDER BY name`

for (const engine of schemaEngines)
  test(`${engine.name}: what a step adds to tables that were there may be left out by code that does not know it`, {
    timeout: 60_000,
  }, async context => {
    need(context, await engine.there(), engine.what)
    const url = await engine.fresh()
    const bystander = await engine.connect(url)
    const here = engine.name === "PostgreSQL" ? "current_schema()" : "DATABASE()"
    const look = async (): Promise<Schema> => ({
      columns: (
        await bystander.ask(
          `SELECT table_name AS t, column_name AS c, data_type AS type, is_nullable AS nullable, column_default AS other
            FROM information_schema.columns WHERE table_schema = ${here} ORDER BY table_name, ordinal_position`,
        )
      ).map(({ t, c, type, nullable, other }) => ({
        name: `${t}.${c}`,
        kind: `${type} ${nullable}`,
        canBeLeftOut: nullable === "YES" || other !== null,
      })),
      unique: (await bystander.ask(engine.name === "PostgreSQL" ? uniqueInPostgres : uniqueInMysql)).map(
        ({ name }) => String(name),
      ),
    })
    const schemas: Schema[] = []
    for (let version = 1; version <= engine.versions; version += 1) {
      await engine.migrateTo(version, url)
      schemas.push(await look())
    }
    const [{ runs_code_from: runsCodeFrom } = {}] = await bystander.ask(
      "SELECT runs_code_from FROM denglu_schema",
    )
    expect(Number(runsCodeFrom)).toBeLessThan(engine.versions)
    const newest = schemas.at(-1) as Schema
    for (const before of schemas.slice(Number(runsCodeFrom) - 1)) expectToRunCodeOf(before, newest)
    await bystander.end()
  })

test("SQLite: what a step adds to tables that were there may be left out by code that does not know it", () => {
  const database = new DatabaseSync(":memory:")
  const look = (): Schema => ({
    columns: database
      .prepare(
        `SELECT t.name || '.' || c.name AS name, c.type AS type, c."notnull" AS required, c.dflt_value AS other, c.pk AS pk
          FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid`,
      )
      .all()
      .map(({ name, type, required, other, pk }) => ({
        name: String(name),
        kind: `${type} ${required} ${pk}`,
        canBeLeftOut: required === 0 || other !== null,
      })),
    unique: database
      .prepare(
        `SELECT t.name || '.' || (SELECT group_concat(name) FROM pragma_index_info(i.name)) AS name
          FROM sqlite_schema t JOIN pragma_index_list(t.name) i
          WHERE t.type = 'table' AND i."unique" = 1 ORDER BY 1`,
      )
      .all()
      .map(({ name }) => String(name)),
  })
  const schemas = sqliteSteps.map((_, index) => {
    migrateSqlite(database, sqliteSteps.slice(0, index + 1))
    return look()
  })
  const newest = schemas.at(-1) as Schema
  const { runsCodeFrom } = sqliteSteps.at(-1) as (typeof sqliteSteps)[0]
  expect(runsCodeFrom).toBeLessThan(sqliteSteps.length)
  for (const before of schemas.slice(runsCodeFrom - 1)) expectToRunCodeOf(before, newest)
  database.close()
})
