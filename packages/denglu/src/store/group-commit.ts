/** The transaction of a connection on which only one thing happens at a time. */
export interface Transaction {
  begin(): void
  /** Resolves nothing: when it returns, what was written is durable. */
  commit(): void
  rollback(): void
}

/** Runs pieces of writing, those that arrive together in one transaction. */
export interface GroupCommit {
  /**
   * Runs the work inside a transaction and resolves with its result once that is durable. If the work throws, it rejects with what
   * was thrown, nothing of it stays, and its neighbours are not affected. The work may run twice.
   */
  write<Result>(work: () => Result): Promise<Result>
  /** Runs what is waiting, now. */
  flush(): void
}

interface Piece {
  readonly work: () => unknown
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * One commit costs the same for one piece as for a hundred: a flush of the disk. So pieces wait until the event loop has read all
 * that has arrived, and then go together.
 *
 * @param most how many pieces go in one transaction at most; 1: each by itself
 */
export function createGroupCommit({ begin, commit, rollback }: Transaction, most: number): GroupCommit {
  let waiting: Piece[] = []
  let scheduled = false

  function flush(): void {
    scheduled = false
    while (waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      runTogether(group)
    }
  }

  function runTogether(group: readonly Piece[]): void {
    const results: unknown[] = []
    try {
      begin()
      for (const { work } of group) results.push(work())
      commit()
    } catch (error) {
      undo()
      if (group.length === 1) group[0]?.reject(error)
      // One of them is bad, and it is not said which: each by itself, so that only that one fails.
      else for (const piece of group) runTogether([piece])
      return
    }
    group.forEach(({ resolve }, index) => {
      resolve(results[index] as never)
    })
  }

  function undo(): void {
    try {
      rollback()
    } catch {
      // A transaction that could not begin, or that the database has ended itself, has nothing to roll back.
    }
  }

  return {
    write(work) {
      return new Promise((resolve, reject) => {
        waiting.push({ work, resolve, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(flush)
      })
    },
    flush,
  }
}
