import type { TableName, TableShape, TransferRow } from "./tables.ts"

/** Where rows come from: a database that nobody writes to meanwhile. */
export interface TransferSource {
  readonly engine: string
  count(table: TableName): Promise<number>
  /**
   * The rows behind `cursor` (`undefined`: from the beginning), at most `limit`, and the cursor to go on with: the same order each time.
   */
  read(table: TableShape, cursor: string | undefined, limit: number): Promise<TransferPage>
  close(): Promise<void>
}

export interface TransferPage {
  readonly rows: readonly TransferRow[]
  /** `undefined` when there is nothing behind. */
  readonly cursor: string | undefined
}

/** Where rows go to. */
export interface TransferTarget {
  readonly engine: string
  count(table: TableName): Promise<number>
  /**
   * How far an earlier copy from the same source came; `undefined` if none has begun. What a killed one has sent and the database is still
   * committing is waited for.
   */
  progress(source: string): Promise<Readonly<Partial<Record<TableName, TableProgress>>> | undefined>
  /** Notes that a copy from this source begins. */
  begin(source: string): Promise<void>
  /** Writes rows and how far the copy is with them, in one transaction. */
  write(
    source: string,
    table: TableShape,
    rows: readonly TransferRow[],
    progress: TableProgress,
  ): Promise<void>
  /** The rows with the keys of these, in any order. */
  find(table: TableShape, like: readonly TransferRow[]): Promise<readonly TransferRow[]>
  /** Counts revocations on from the last one and, as the last thing, notes of all copies only that this one is finished. */
  finish(source: string, finished: FinishedCopy): Promise<void>
  /** What {@link finish} noted of a copy from this source; `undefined` if none was finished. */
  finished(source: string): Promise<FinishedCopy | undefined>
  close(): Promise<void>
}

export interface FinishedCopy {
  /** When, in milliseconds since 1970. */
  readonly at: number
  readonly rows: number
}

/** The name under which a target notes, among its tables, that a copy is finished. */
export const finishedName = "finished"

export interface TableProgress {
  /** `undefined` where the table is copied to its end. */
  readonly cursor: string | undefined
  readonly copied: number
  readonly done: boolean
}
