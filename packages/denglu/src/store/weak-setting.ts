/** A setting of the database's server under which Denglu's promises do not hold. */
export interface WeakSetting {
  readonly name: keyof typeof neededSettings
  readonly value: string
}

/** What each must be. They are the operator's: only the whole server has most of them. */
export const neededSettings = {
  // PostgreSQL
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  // MySQL and MariaDB
  innodb_flush_log_at_trx_commit: "1",
  innodb_doublewrite: "ON",
  sync_binlog: "1",
  binlog_format: "ROW",
} as const
