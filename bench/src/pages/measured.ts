import type { Figures } from "../measure/table.ts"
import { names } from "../parts/databases/candidates.ts"
import type { Result } from "./result.ts"

/** A figure somebody may compute with. */
interface MeasuredFigure {
  readonly value: number
  readonly unit: string
}

/**
 * `docs/measured.json`: what a run has found, by name and with units, for documents and programs that compute with it. What the run did not measure
 * is not there.
 */
export function renderMeasured(result: Result): string {
  const { date, node, machine, system, rounds, seconds, figures } = result
  const { databases, check, memory, start } = result.figures
  const found: Record<string, MeasuredFigure> = {}
  const keep = (name: string, value: number | undefined, unit: string) => {
    if (value !== undefined && Number.isFinite(value))
      found[name] = { value: Number(value.toPrecision(4)), unit }
  }
  const of = (list: readonly Figures[] | undefined, name: string) => list?.find(one => one.name === name)
  for (const [engine, name] of [
    ["Memory", names.memory],
    ["Sqlite", names.sqlite],
    ["Postgres", names.postgres],
    ["Mariadb", names.mariadb],
  ] as const) {
    const one = of(databases?.logins, name)
    keep(`loginsPerSecond${engine}`, one?.perSecond, "1/s")
    keep(`loginP99${engine}`, one?.p99Ms, "ms")
    keep(`loginServerCpu${engine}`, one?.micros.server, "µs")
    keep(`loginDatabaseCpu${engine}`, one?.micros.database, "µs")
    keep(`loginFsyncs${engine}`, one?.flushes, "1")
  }
  // What a login costs the database that has a statement to itself.
  keep("loginDatabaseCpuAlone", of(databases?.logins, names.single)?.micros.database, "µs")
  const refresh = of(databases?.refreshes, "refreshes")
  keep("refreshesPerSecondPostgres", refresh?.perSecond, "1/s")
  keep("refreshServerCpuPostgres", refresh?.micros.server, "µs")
  keep("refreshDatabaseCpuPostgres", refresh?.micros.database, "µs")
  const checks = of(check, "node:http + Denglu")
  keep("checksPerSecond", checks?.perSecond, "1/s")
  keep("checkServerCpu", checks?.micros.server, "µs")
  keep("sessionBytesPostgres", databases?.atRest?.postgres.bytesPerSession, "B")
  keep("personBytesPostgres", databases?.atRest?.postgres.bytesPerPerson, "B")
  keep("sessionBytesMariadb", databases?.atRest?.mariadb?.bytesPerSession, "B")
  keep("personBytesMariadb", databases?.atRest?.mariadb?.bytesPerPerson, "B")
  keep("rememberedTokenBytes", memory?.million.bytes, "B")
  keep("idleBytesSqlite", start?.residentBytes, "B")
  keep("idleBytesPostgres", databases?.starts?.residentBytes, "B")
  const about = { source: "npm run bench", date, machine, system, node, rounds, seconds }
  const engines =
    databases === undefined
      ? {}
      : { postgres: databases.postgres, mariadb: databases.mariadb, redis: databases.redis }
  return `${JSON.stringify({ ...about, ...engines, parts: Object.keys(figures), figures: found }, undefined, 2)}\n`
}
