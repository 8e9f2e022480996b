import { DengluError } from "../errors.ts"

/** Sees to it that everybody hears in time, whatever becomes of the database, or of Redis. */
export interface AnswerDeadline {
  /**
   * Resolves or rejects as the work does, or rejects with `store_unavailable` when the time is over. The work goes on then: whether it was
   * done is not known, as with a connection that breaks before the answer.
   */
  within<Result>(work: Promise<Result>): Promise<Result>
  /** Now, to ask later with {@link isOver}. */
  mark(): number
  /** Whether whoever asked at this mark has been told that the time is over. */
  isOver(mark: number): boolean
}

interface Pending {
  readonly since: number
  readonly reject: (error: unknown) => void
}

/**
 * One timer for all, since all have the same time: a timer for each would cost every login a little. Counted are its ticks, so that a
 * process that stood still does not take it for the database.
 *
 * @param ms from asking to the answer
 * @param what who is to answer, as a message names them
 * @param looks in the time that is given: so exact is it kept
 */
export function createAnswerDeadline(ms: number, what: string, looks = 40): AnswerDeadline {
  /** In the order in which they began. */
  const pending = new Set<Pending>()
  let ticks = 0
  let timer: NodeJS.Timeout | undefined

  const isOver = (mark: number) => ticks - mark >= looks

  function look(): void {
    ticks += 1
    for (const entry of pending) {
      if (!isOver(entry.since)) break
      pending.delete(entry)
      entry.reject(
        new DengluError("store_unavailable", { message: `${what} did not answer in time`, retryAfter: 1 }),
      )
    }
    if (pending.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    mark: () => ticks,
    isOver,
    within: work =>
      new Promise((resolve, reject) => {
        const entry = { since: ticks, reject }
        pending.add(entry)
        timer ??= setInterval(look, ms / looks).unref()
        work.then(
          result => {
            pending.delete(entry)
            resolve(result)
          },
          error => {
            pending.delete(entry)
            reject(error)
          },
        )
      }),
  }
}
