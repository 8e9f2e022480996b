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
  /** How far an earlier copy from the same source came; `undefined` if none has begun. */
  progress(source: string): Promise<Readonly<Partial<Record<TableName, TableProgress>>> | undefined>
  /** Writes rows and how far the copy is with them, in one transaction. */
  write(
    source: string,
    table: TableShape,
    rows: readonly TransferRow[],
    progress: TableProgress,
  ): Promise<void>
  /** The rows with the keys of these, in any order. */
  find(table: TableShape, like: readonly TransferRow[]): Promise<readonly TransferRow[]>
  /** Forgets how far copies came, and counts revocations on from the last one. */
  finish(): Promise<void>
  close(): Promise<void>
}

export interface TableProgress {
  /** `undefined` where the table is copied to its end. */
  readonly cursor: string | undefined
  readonly copied: number
  readonly done: boolean
}
