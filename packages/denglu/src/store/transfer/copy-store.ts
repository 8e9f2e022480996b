import { DengluError } from "../../errors.ts"
import { keyOf, type TableShape, type TransferRow, tables, valuesOf } from "./tables.ts"
import type { TransferSource, TransferTarget } from "./transfer.ts"

export interface CopyOptions {
  readonly source: TransferSource
  readonly target: TransferTarget
  /** Tells sources apart in the target, so that a copy goes on only with its own. */
  readonly sourceName: string
  readonly onProgress: (progress: CopyProgress) => void
  /** Asked between two steps: whether to stop here. */
  readonly stopped: () => boolean
}

export interface CopyProgress {
  readonly phase: "copying" | "verifying"
  readonly table: string
  readonly done: number
  readonly total: number
}

export interface CopyOutcome {
  readonly finished: boolean
  readonly rows: number
  /** Rows that an earlier try had copied. */
  readonly resumed: number
  /** The first few rows that are not in the target as they are in the source: table and key. */
  readonly different: readonly string[]
}

/** Rows in one transaction. */
const rowsInOneStep = 2_000
const mostDifferences = 10

/**
 * Copies everything from one database into another that holds nothing yet. Killed at any moment, the next call goes on where the
 * last transaction ended. Then every row is read on both sides and compared.
 *
 * @throws DengluError `store_unavailable` if the target holds something else
 */
export async function copyStore(options: CopyOptions): Promise<CopyOutcome> {
  const { source, target, sourceName, onProgress, stopped } = options
  const before = await target.progress(sourceName)
  if (before === undefined) {
    await refuseUnlessEmpty(target)
    await target.begin(sourceName)
  }
  let rows = 0
  let resumed = 0
  for (const table of tables) {
    const total = await source.count(table.name)
    let state = before?.[table.name] ?? { cursor: undefined, copied: 0, done: false }
    resumed += state.copied
    rows += state.copied
    if (state.copied > 0 && !state.done)
      onProgress({ phase: "copying", table: table.name, done: state.copied, total })
    while (!state.done) {
      if (stopped()) return { finished: false, rows, resumed, different: [] }
      const page = await source.read(table, state.cursor, table.rowsInOneStep ?? rowsInOneStep)
      state = {
        cursor: page.cursor,
        copied: state.copied + page.rows.length,
        done: page.cursor === undefined,
      }
      await target.write(sourceName, table, page.rows, state)
      rows += page.rows.length
      onProgress({ phase: "copying", table: table.name, done: state.copied, total })
    }
  }
  const different: string[] = []
  for (const table of tables) {
    different.push(...(await compare(options, table)))
    // Asked afterwards, for a comparison that was stopped has not seen the rest of its table: the last one's neither.
    if (stopped()) return { finished: false, rows, resumed, different }
  }
  if (different.length === 0) await target.finish()
  return { finished: true, rows, resumed, different: different.slice(0, mostDifferences) }
}

async function refuseUnlessEmpty(target: TransferTarget): Promise<void> {
  for (const { name, isReplaced } of tables) {
    if (isReplaced) continue
    if ((await target.count(name)) > 0)
      throw new DengluError("store_unavailable", {
        message: `the target already holds ${name}: copy into an empty database`,
      })
  }
}

async function compare(options: CopyOptions, table: TableShape): Promise<readonly string[]> {
  const { source, target, onProgress, stopped } = options
  const total = await source.count(table.name)
  const there = await target.count(table.name)
  const different =
    there === total ? [] : [`${table.name}: ${total} rows in the source, ${there} in the target`]
  let cursor: string | undefined
  let done = 0
  do {
    const page = await source.read(table, cursor, table.rowsInOneStep ?? rowsInOneStep)
    const found = new Map((await target.find(table, page.rows)).map(row => [keyOf(table, row), row]))
    for (const row of page.rows) {
      if (different.length >= mostDifferences) return different
      if (!same(table, row, found.get(keyOf(table, row))))
        different.push(`${table.name} ${keyOf(table, row)}`)
    }
    done += page.rows.length
    onProgress({ phase: "verifying", table: table.name, done, total })
    cursor = page.cursor
  } while (cursor !== undefined && !stopped())
  return different
}

function same(table: TableShape, one: TransferRow, other: TransferRow | undefined): boolean {
  return (
    other !== undefined && JSON.stringify(valuesOf(table, one)) === JSON.stringify(valuesOf(table, other))
  )
}
