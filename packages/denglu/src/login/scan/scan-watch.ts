import type { Clock } from "../../clock.ts"
import type { Scan, ScanStore } from "../../store/store.ts"

export type ScanStatus = Scan["state"] | "expired"

/** What a ticket is now. What was denied or redeemed stays so. */
export function statusOf({ state, expiresAt }: Scan, now: number): ScanStatus {
  return state !== "denied" && state !== "redeemed" && expiresAt <= now ? "expired" : state
}

/** Whether nothing more will come of it. */
export function isOver(status: ScanStatus): boolean {
  return status === "denied" || status === "expired" || status === "redeemed"
}

/** Watches tickets for the browsers that wait: one question a second for all of them, and at once for what happens in this process. */
export interface ScanWatch {
  /**
   * Resolves with the ticket when its status is another than `known`, else after `ms`, when the signal aborts, or at {@link release};
   * at once where too many wait already.
   */
  changed(scan: Scan, known: ScanStatus, ms: number, signal: AbortSignal): Promise<Scan>
  /** Something has happened to the ticket, here. */
  tell(id: string): void
  /** How many wait. */
  readonly waiting: number
  /** Whether nobody is kept waiting any more: too many wait, or the server is about to stop. */
  readonly full: boolean
  /** Lets all go who wait, and nobody wait from now on. */
  release(): void
}

export interface ScanWatchOptions {
  readonly store: Pick<ScanStore, "findScans">
  readonly clock: Clock
  /** How many may wait at once. */
  readonly most: number
  /** Milliseconds between two looks at the store. */
  readonly everyMs?: number
}

/** The most ids that the store takes at once. */
const idsAtOnce = 100

interface Waiter {
  readonly known: ScanStatus
  scan: Scan
  done(): void
}

export function createScanWatch({ store, clock, most, everyMs = 1_000 }: ScanWatchOptions): ScanWatch {
  const waiters = new Map<string, Set<Waiter>>()
  let waiting = 0
  let released = false
  let timer: NodeJS.Timeout | undefined

  function look(ids: readonly string[]): Promise<void> {
    return store.findScans(ids).then(
      found => {
        for (const scan of found) {
          for (const waiter of waiters.get(scan.id) ?? []) {
            waiter.scan = scan
          }
        }
        wakeChanged(ids)
      },
      // The database is away: they wait on, and hear of a ticket's end all the same.
      () => wakeChanged(ids),
    )
  }

  function wakeChanged(ids: readonly string[]): void {
    const now = clock()
    for (const id of ids)
      for (const waiter of waiters.get(id) ?? [])
        if (statusOf(waiter.scan, now) !== waiter.known) waiter.done()
  }

  async function lookAtAll(): Promise<void> {
    const ids = [...waiters.keys()]
    for (let at = 0; at < ids.length; at += idsAtOnce) await look(ids.slice(at, at + idsAtOnce))
    timer = waiting === 0 ? undefined : startTimer()
  }

  function startTimer(): NodeJS.Timeout {
    return setTimeout(() => void lookAtAll(), everyMs).unref()
  }

  const isFull = () => released || waiting >= most

  return {
    changed(scan, known, ms, signal) {
      if (isFull() || signal.aborted || statusOf(scan, clock()) !== known) return Promise.resolve(scan)
      return new Promise(resolve => {
        const waiter: Waiter = {
          known,
          scan,
          done() {
            clearTimeout(late)
            signal.removeEventListener("abort", waiter.done)
            const others = waiters.get(scan.id)
            if (others?.delete(waiter) !== true) return
            if (others.size === 0) waiters.delete(scan.id)
            waiting -= 1
            resolve(waiter.scan)
          },
        }
        const late = setTimeout(waiter.done, ms)
        signal.addEventListener("abort", waiter.done)
        waiters.set(scan.id, (waiters.get(scan.id) ?? new Set()).add(waiter))
        waiting += 1
        timer ??= startTimer()
      })
    },
    tell(id) {
      if (waiters.has(id)) void look([id])
    },
    get waiting() {
      return waiting
    },
    get full() {
      return isFull()
    },
    release() {
      released = true
      clearTimeout(timer)
      for (const some of [...waiters.values()]) for (const waiter of [...some]) waiter.done()
    },
  }
}
