import type { DatabaseServer, Site } from "./database-server.ts"
import { hasMariaDbServer, startMariaDb } from "./mariadb-server.ts"
import { hasPostgresServer, startPostgres } from "./postgres-server.ts"

/** The databases that instances share, for stories that hold for each of them. */
export const databases: readonly {
  readonly name: string
  readonly there: () => boolean
  /** What a machine without it lacks. */
  readonly what: string
  readonly start: (site?: Site) => Promise<DatabaseServer>
}[] = [
  {
    name: "PostgreSQL",
    there: hasPostgresServer,
    what: "PostgreSQL's programs (initdb, pg_ctl)",
    start: startPostgres,
  },
  {
    name: "MariaDB",
    there: hasMariaDbServer,
    what: "MariaDB's programs (mariadbd, mariadb-install-db)",
    start: startMariaDb,
  },
]
