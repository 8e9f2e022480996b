import type { Clock } from "../clock.ts"
import { connectMysql, mysqlUnavailable } from "./mysql-pool.ts"
import { connectPostgres, postgresUnavailable } from "./postgres-pool.ts"
import { mysqlSchemaState, mysqlSchemaVersion } from "./sql/mysql-schema.ts"
import * as mysqlServer from "./sql/mysql-server.ts"
import { postgresSchemaState, postgresSchemaVersion } from "./sql/postgres-schema.ts"
import * as postgresServer from "./sql/postgres-server.ts"
import { readServerUrl } from "./store-url.ts"
import type { WeakSetting } from "./weak-setting.ts"

/** What a database that several instances share is like. */
export interface Examination {
  readonly engine: "postgres" | "mysql"
  readonly version: string
  /** Milliseconds, there and back. */
  readonly roundTrip: number
  /** How far (ms) the database's clock is ahead of this machine's, to within half a {@link roundTrip}. */
  readonly clockAhead: number
  /** A replica takes no writes. */
  readonly takesWrites: boolean
  /** Whether this user may write. */
  readonly mayWrite: boolean
  readonly schema: {
    /** 0 where there is none yet. */
    readonly version: number
    /** The one this code works with. */
    readonly known: number
    /** The oldest code that runs on it, by the schema it knows. */
    readonly runsCodeFrom: number
  }
  readonly weakSettings: readonly WeakSetting[]
  /** Bytes of memory the server keeps pages in, where that is InnoDB's to say. */
  readonly pageMemory: number | undefined
}

/** Whether a URL names a database that several instances share. */
export function isSharedDatabase(url: string): boolean {
  return /^(postgres|postgresql|mysql|mariadb):/.test(url)
}

/**
 * Looks at a shared database over one connection, within the deadlines that a server has, and changes nothing: not its schema either.
 *
 * @throws TypeError if the driver is not installed, or the URL is none
 * @throws DengluError `store_unavailable`
 */
export async function examineDatabase(url: string, clock: Clock): Promise<Examination> {
  if (/^postgres/.test(url)) {
    const { use, close } = await connectPostgres({ ...readServerUrl(url), connections: 1 })
    try {
      return await use(client =>
        examine("postgres", client, {
          ...postgresServer,
          clock,
          schemaState: postgresSchemaState,
          known: postgresSchemaVersion,
        }),
      )
    } catch (error) {
      throw postgresUnavailable(error)
    } finally {
      await close()
    }
  }
  const { use, close } = await connectMysql({ ...readServerUrl(url), connections: 1 })
  try {
    return await use(connection =>
      examine("mysql", connection, {
        ...mysqlServer,
        clock,
        schemaState: mysqlSchemaState,
        known: mysqlSchemaVersion,
      }),
    )
  } catch (error) {
    throw mysqlUnavailable(error)
  } finally {
    await close()
  }
}

/** How an engine is asked. */
interface Questions<Connection> {
  readonly clock: Clock
  readonly known: number
  readonly schemaState: (
    connection: Connection,
  ) => Promise<{ readonly version: number; readonly runsCodeFrom: number }>
  readonly readTime: (connection: Connection) => Promise<number>
  readonly readVersion: (connection: Connection) => Promise<string>
  readonly takesWrites: (connection: Connection) => Promise<boolean>
  readonly mayWrite: (connection: Connection) => Promise<boolean>
  readonly weakSettings: (connection: Connection) => Promise<readonly WeakSetting[]>
  readonly readPageMemory?: (connection: Connection) => Promise<number | undefined>
}

async function examine<Connection>(
  engine: Examination["engine"],
  connection: Connection,
  ask: Questions<Connection>,
): Promise<Examination> {
  const version = await ask.readVersion(connection)
  return {
    engine,
    version,
    ...(await compareClocks(ask.clock, () => ask.readTime(connection))),
    takesWrites: await ask.takesWrites(connection),
    mayWrite: await ask.mayWrite(connection),
    schema: { ...(await ask.schemaState(connection)), known: ask.known },
    weakSettings: await ask.weakSettings(connection),
    pageMemory: await ask.readPageMemory?.(connection),
  }
}

/** Asked a few times; the quickest answer says most about the clock. */
async function compareClocks(
  clock: Clock,
  readTime: () => Promise<number>,
): Promise<Pick<Examination, "roundTrip" | "clockAhead">> {
  let best = { roundTrip: Number.POSITIVE_INFINITY, clockAhead: 0 }
  for (let tries = 0; tries < 3; tries += 1) {
    const asked = clock()
    const there = await readTime()
    const roundTrip = clock() - asked
    if (roundTrip < best.roundTrip)
      best = { roundTrip, clockAhead: Math.round(there - asked - roundTrip / 2) }
  }
  return best
}
