import { type Patience, patiently } from "../patiently.ts"
import { judgeMysqlScript, type MysqlConnection, number } from "./mysql-connection.ts"
import { type MysqlStep, mysqlSchemaState, mysqlSteps, tableOptions } from "./mysql-schema.ts"

export interface MysqlMigrationOptions extends Patience {
  /** Other steps than those of this code, for tests. */
  readonly steps?: readonly MysqlStep[]
}

/** A column is there already: only some dialects can be told to pass over it. */
const columnIsThere = 1060

/** A table or a row was not to be had in time, or two waited for each other in a circle. */
const isInTheWay = (error: unknown) => judgeMysqlScript(error) === "again"

/**
 * Takes the schema forward. Killed at any statement, the next call does again what was done since the last whole step, and goes on.
 * Several may do it at once.
 *
 * @throws RangeError if a newer Denglu has made a schema that this one can't use
 * @throws SchemaHeldUp
 */
export async function migrateMysql(
  connection: MysqlConnection,
  { steps = mysqlSteps, ...patience }: MysqlMigrationOptions = {},
): Promise<void> {
  const run = async (statement: string) => {
    await patiently(isInTheWay, () => connection.query([statement]), patience).catch(error => {
      if (error?.errno !== columnIsThere) throw error
    })
  }
  let state = await mysqlSchemaState(connection)
  if (state.version === 0) {
    await run(`CREATE TABLE IF NOT EXISTS denglu_schema (
      id INTEGER NOT NULL, version INTEGER NOT NULL, runs_code_from INTEGER NOT NULL, PRIMARY KEY (id))
      ${tableOptions}`)
    await run("INSERT INTO denglu_schema VALUES (1, 0, 0) ON DUPLICATE KEY UPDATE version = version")
  }
  for (;;) {
    const step = steps[state.version]
    if (step === undefined) break
    for (const statement of step.statements) await run(statement)
    await run(`UPDATE denglu_schema
      SET version = ${number(state.version + 1)}, runs_code_from = ${number(step.runsCodeFrom)}
      WHERE id = 1 AND version = ${number(state.version)}`)
    state = await mysqlSchemaState(connection)
  }
  if (steps.length < state.runsCodeFrom)
    throw new RangeError(
      `the database has schema ${state.version}, this Denglu knows ${steps.length}: install the newer version`,
    )
}
