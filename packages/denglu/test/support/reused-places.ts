import { migrateStore } from "../../src/store/migrate-store.ts"
import { askMysql, askPostgres, dropMysql, dropPostgres, freshMysql, freshPostgres } from "./engines.ts"

/** Places in an engine that are emptied and given again: making a place's tables takes longer than most tests. */
export interface ReusedPlaces {
  /** The URL of a place that holds what a new one does. It is the caller's until {@link giveBack}. */
  take(): Promise<string>
  /** Takes all places back. */
  giveBack(): void
  /** Removes them. */
  drop(): Promise<void>
}

interface Engine {
  readonly fresh: () => Promise<string>
  readonly drop: () => Promise<void>
  /** The place's tables. */
  readonly tables: (url: string) => Promise<readonly string[]>
  /** Runs statements one after the other, as one transaction. */
  readonly run: (statements: readonly string[], url: string) => Promise<unknown>
  readonly count: (table: string, url: string) => Promise<number>
}

/** What a new place holds rows in: the version, and counters at nought. */
const filledFromTheStart = ["denglu_schema", "denglu_counters"]

function createReusedPlaces({ fresh, drop, tables, run, count }: Engine): ReusedPlaces {
  let free: (() => Promise<string>)[] = []
  let taken: (() => Promise<string>)[] = []

  async function make(): Promise<() => Promise<string>> {
    const url = await fresh()
    await migrateStore(url, false)
    const all = await tables(url)
    const filled: string[] = []
    for (const table of all) if ((await count(table, url)) > 0) filled.push(table)
    if (filled.sort().join() !== [...filledFromTheStart].sort().join())
      throw new Error(`a new place has rows in ${filled}: say here how they are made again`)
    const emptying = [
      ...all.filter(table => !filledFromTheStart.includes(table)).map(table => `DELETE FROM ${table}`),
      "UPDATE denglu_counters SET value = 0",
    ]
    return async () => {
      await run(emptying, url)
      return url
    }
  }

  return {
    async take() {
      const place = free.pop() ?? (await make())
      taken.push(place)
      return place()
    },
    giveBack() {
      free.push(...taken)
      taken = []
    },
    async drop() {
      free = []
      await drop()
    },
  }
}

export function reusedPostgres(): ReusedPlaces {
  return createReusedPlaces({
    fresh: freshPostgres,
    drop: dropPostgres,
    async tables(url) {
      const { rows } = await askPostgres(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
        url,
      )
      return rows.map(({ name }) => name as string)
    },
    // What is sent as one text is one transaction.
    run: (statements, url) => askPostgres(["SET synchronous_commit = off", ...statements].join("; "), url),
    count: async (table, url) =>
      Number((await askPostgres(`SELECT count(*) AS rows FROM ${table}`, url)).rows[0]?.rows),
  })
}

export function reusedMysql(): ReusedPlaces {
  return createReusedPlaces({
    fresh: freshMysql,
    drop: dropMysql,
    async tables(url) {
      const rows = await askMysql<readonly { readonly name: string }[]>(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
        url,
      )
      return rows.map(({ name }) => name)
    },
    run: (statements, url) => askMysql(["BEGIN", ...statements, "COMMIT"].join("; "), url),
    count: async (table, url) =>
      Number((await askMysql<{ rows: number }[]>(`SELECT count(*) AS \`rows\` FROM ${table}`, url))[0]?.rows),
  })
}
