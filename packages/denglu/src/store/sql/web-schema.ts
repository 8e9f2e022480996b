import { mysqlPasswords, postgresPasswords, sqlitePasswords } from "./password-schema.ts"
import { mysqlScans, postgresScans, sqliteScans } from "./scan-schema.ts"

/** What the web's ways in add to the schema, all of it: one file a way. */
export const sqliteWeb = sqliteScans + sqlitePasswords
export const postgresWeb = postgresScans + postgresPasswords
export const mysqlWeb = (like: string): readonly string[] => [...mysqlScans(like), ...mysqlPasswords(like)]
