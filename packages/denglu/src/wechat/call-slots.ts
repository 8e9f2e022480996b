/** Places for calls under way, and a line of those who wait for one. */
export interface CallSlots {
  /**
   * Takes a place. `true`: taken at once. `false`: the line is full too. A function: the caller waits; `go` will be called
   * with the place taken, unless the function is called before to leave the line.
   */
  take(go: () => void): boolean | (() => void)
  /** Gives a place back. */
  release(): void
  /** Resolves once nobody is under way or waits. */
  idle(): Promise<void>
}

/** At most `underWay` at once, at most `total` with those who wait. First come, first served. */
export function createCallSlots({ underWay, total }: { readonly underWay: number; readonly total: number }) {
  let taken = 0
  // A Set keeps the order of arrival and lets anyone leave from the middle.
  const line = new Set<() => void>()
  let idlers: (() => void)[] = []

  function settle() {
    if (taken > 0 || line.size > 0) return
    for (const resolve of idlers) resolve()
    idlers = []
  }

  const slots: CallSlots = {
    take(go) {
      if (taken >= total) return false
      if (taken < underWay) {
        taken += 1
        return true
      }
      if (taken + line.size >= total) return false
      line.add(go)
      return () => {
        line.delete(go)
        settle()
      }
    },
    release() {
      const [next] = line
      if (next === undefined) {
        taken -= 1
        settle()
        return
      }
      line.delete(next)
      next()
    },
    idle: () =>
      new Promise<void>(resolve => {
        idlers.push(resolve)
        settle()
      }),
  }
  return slots
}
