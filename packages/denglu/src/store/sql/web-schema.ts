import { mysqlPasswords, postgresPasswords, sqlitePasswords } from "./password-schema.ts"
import { mysqlScans, postgresScanChanges, postgresScans, sqliteScans } from "./scan-schema.ts"
import { mysqlSms, postgresSms, sqliteSms } from "./sms-schema.ts"

/** What the web's ways in add to the schema, all of it: one file a way. */
export const sqliteWeb = sqliteScans + sqliteSms + sqlitePasswords
export const postgresWebChanges = postgresScanChanges
export const postgresWeb = postgresScans + postgresSms + postgresPasswords
export const mysqlWeb = (like: string): readonly string[] => [
  ...mysqlScans(like),
  ...mysqlSms(like),
  ...mysqlPasswords(like),
]
