import { DatabaseSync } from "node:sqlite"
import pg from "pg"
import {
  askMysql,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "./engines.ts"

/** A database that somebody changes behind our back. */
export interface TamperedEngine {
  readonly name: string
  readonly there: () => Promise<boolean>
  readonly what: string
  /** The URL of an empty database of its own. */
  readonly fresh: (folder: string) => Promise<string>
  /** Runs a statement, in which tables are called `denglu_…`, and answers what it answers. */
  readonly tamper: (url: string, text: string) => Promise<unknown>
}

let files = 0

export const tamperedEngines: readonly TamperedEngine[] = [
  {
    name: "SQLite",
    there: async () => true,
    what: "",
    async fresh(folder) {
      files += 1
      return `sqlite:${folder}/${files}.db`
    },
    async tamper(url, text) {
      const database = new DatabaseSync(url.replace("sqlite:", ""))
      try {
        database.exec(text.replaceAll("denglu_", ""))
      } finally {
        database.close()
      }
    },
  },
  {
    name: "PostgreSQL",
    there: hasPostgres,
    what: postgresNeed,
    fresh: freshPostgres,
    async tamper(url, text) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return await client.query(text)
      } finally {
        await client.end()
      }
    },
  },
  {
    name: "MariaDB",
    there: hasMysql,
    what: mysqlNeed,
    fresh: freshMysql,
    tamper: (url, text) => askMysql(text, url),
  },
]
