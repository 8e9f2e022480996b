import type { Clock } from "../../clock.ts"
import { DengluError } from "../../errors.ts"
import { CopyRefused } from "./copy-refused.ts"
import { keyOf, type TableShape, type TransferRow, tables, valuesOf } from "./tables.ts"
import type { FinishedCopy, TransferSource, TransferTarget } from "./transfer.ts"

export interface CopyOptions {
  readonly source: TransferSource
  readonly target: TransferTarget
  /** Tells sources apart in the target, so that a copy goes on only with its own. */
  readonly sourceName: string
  readonly clock: Clock
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
  /** When (ms since 1970) it was finished, if that was before: nothing was to do. */
  readonly finishedBefore?: number
}

/** Rows in one transaction. */
const rowsInOneStep = 2_000
const mostDifferences = 10

/**
 * Copies everything from one database into another that holds nothing yet. Killed at any moment, the next call goes on where the
 * last transaction ended. Then every row is read on both sides and compared.
 *
 * @throws CopyRefused if the target holds something else, is written by somebody else meanwhile, or the source has rows that a finished
 * copy did not see
 */
export async function copyStore(options: CopyOptions): Promise<CopyOutcome> {
  const { source, target, sourceName, clock, onProgress, stopped } = options
  const before = await target.progress(sourceName)
  if (before === undefined) {
    const held = await whatItHolds(target)
    const finished = await target.finished(sourceName)
    if (held !== undefined && finished !== undefined) return leaveFinished(source, finished)
    if (held !== undefined)
      throw new CopyRefused({
        en: `the target already holds ${held}: copy into an empty database`,
        zh: `目标中已有 ${held} 数据，请复制到空数据库`,
      })
    // Also what a copy of a database into itself would look like, and one from a wrong path.
    if ((await whatItHolds(source)) === undefined)
      throw new CopyRefused({
        en: "the source holds nobody: see whether --from names the right database",
        zh: "来源中没有任何用户：请检查 --from 指定的数据库是否正确",
      })
    await target.begin(sourceName).catch(refuseToShare)
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
      await target.write(sourceName, table, page.rows, state).catch(refuseToShare)
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
  if (different.length === 0) await target.finish(sourceName, { at: clock(), rows })
  return { finished: true, rows, resumed, different: different.slice(0, mostDifferences) }
}

/**
 * Of two copies into one target the one that is behind comes upon rows of the other, or waits for them too long: a duplicate key, a lock that
 * was not to be had, as each engine numbers them.
 */
const sharedTarget = /error (23505|1062|1205)\b|\(55P03\)/

function refuseToShare(error: unknown): never {
  if (!(error instanceof DengluError && sharedTarget.test(error.message))) throw error
  throw new CopyRefused({
    en: "somebody else is writing into the target, another copy perhaps: let it end, or stop it, then call this again",
    zh: "有其他程序正在写入目标，可能是另一个复制：请等它结束或停止它，然后再次运行",
  })
}

/** The first table with rows in it; `undefined` for an empty database. */
async function whatItHolds(database: Pick<TransferSource, "count">): Promise<string | undefined> {
  for (const { name, isReplaced } of tables) if (!isReplaced && (await database.count(name)) > 0) return name
  return undefined
}

/** The target may be in use by now, so it is not compared again. A source that went on must not be taken for one that is copied. */
async function leaveFinished(source: TransferSource, { at, rows }: FinishedCopy): Promise<CopyOutcome> {
  let now = 0
  for (const { name } of tables) now += await source.count(name)
  if (now === rows) return { finished: true, rows, resumed: rows, different: [], finishedBefore: at }
  const when = new Date(at).toISOString()
  throw new CopyRefused({
    en: `this copy was finished at ${when} with ${rows} rows, but the source has ${now} by now: copy it into another, empty database`,
    zh: `此复制已于 ${when} 完成，共 ${rows} 行，而来源现有 ${now} 行：请复制到另一个空数据库`,
  })
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
