/** Runs so many at once and keeps the others waiting, first come, first served. */
export interface RequestQueue {
  /** Starts `job` as soon as there is room; its `done` makes room again. Answers how to leave the queue. */
  enter(job: (done: () => void) => void): () => void
}

export function createRequestQueue(atOnce: number): RequestQueue {
  const waiting = new Set<(done: () => void) => void>()
  let running = 0

  function startNext(): void {
    const [next] = waiting
    if (next === undefined || running >= atOnce) return
    waiting.delete(next)
    running += 1
    let over = false
    next(() => {
      if (over) return
      over = true
      running -= 1
      startNext()
    })
  }

  return {
    enter(job) {
      waiting.add(job)
      startNext()
      return () => void waiting.delete(job)
    },
  }
}
