import { type Patience, patiently } from "../patiently.ts"
import { judgePostgresScript, type PostgresClient } from "./postgres-connection.ts"
import {
  type PostgresSchemaState,
  type PostgresStep,
  postgresSchemaState,
  postgresSteps,
} from "./postgres-schema.ts"
import { inTransaction } from "./postgres-server.ts"

export interface PostgresMigrationOptions extends Patience {
  /** Other steps than those of this code, for tests. */
  readonly steps?: readonly PostgresStep[]
}

/** A lock was not to be had in time, or two waited for each other in a circle. */
const isInTheWay = (error: unknown) => judgePostgresScript(error) === "again"

/**
 * Takes the schema forward. Killed at any statement, the next call goes on from there. Of several at once, one takes a step and
 * the others see that it is taken.
 *
 * @throws RangeError if a newer Denglu has made a schema that this one can't use
 * @throws SchemaHeldUp
 */
export async function migratePostgres(
  client: PostgresClient,
  { steps = postgresSteps, ...patience }: PostgresMigrationOptions = {},
): Promise<void> {
  let state = await postgresSchemaState(client)
  if (state.version < steps.length) await makeSchemaTable(client)
  for (;;) {
    const step = steps[state.version]
    if (step === undefined) return check(state, steps.length)
    for (const text of step.changes) await patiently(isInTheWay, () => client.query({ text }), patience)
    const { version } = state
    await patiently(isInTheWay, () => takeStep(client, step, version), patience)
    state = await postgresSchemaState(client)
  }
}

/** Does nothing if somebody else has taken the step meanwhile. */
function takeStep(client: PostgresClient, step: PostgresStep, from: number): Promise<boolean> {
  return inTransaction(client, async () => {
    const { rows } = await client.query({ text: "SELECT version FROM denglu_schema WHERE id = 1 FOR UPDATE" })
    if (Number(rows[0]?.version) !== from) return false
    await client.query({ text: step.sql })
    await client.query({
      text: "UPDATE denglu_schema SET version = $1, runs_code_from = $2 WHERE id = 1",
      values: [from + 1, step.runsCodeFrom],
    })
    return true
  })
}

/** Of two who create a table at once PostgreSQL refuses one for the table, its type or a row of its own catalogue, whatever IF NOT EXISTS says. */
async function makeSchemaTable(client: PostgresClient): Promise<void> {
  const text = `CREATE TABLE IF NOT EXISTS denglu_schema (
    id integer PRIMARY KEY, version integer NOT NULL, runs_code_from integer NOT NULL)`
  try {
    await client.query({ text })
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== "23505" && code !== "42P07" && code !== "42710") throw error
    await client.query({ text })
  }
  await client.query({ text: "INSERT INTO denglu_schema VALUES (1, 0, 0) ON CONFLICT (id) DO NOTHING" })
}

function check({ version, runsCodeFrom }: PostgresSchemaState, known: number): void {
  if (known < runsCodeFrom)
    throw new RangeError(
      `the database has schema ${version}, this Denglu knows ${known}: install the newer version`,
    )
}
