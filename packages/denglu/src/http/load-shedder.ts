/** Lets in as much as can be done in time, and refuses the rest, while the process has more to do than it can. */
export interface LoadShedder {
  /**
   * Takes a place: `true` at once; else when there is one, or `false` after a while: then the work is to be refused. Every place
   * taken is given back.
   */
  enter(): true | Promise<boolean>
  leave(): void
  close(): void
}

export interface LoadShedderOptions {
  /** Milliseconds from some moment on: `performance.now`. */
  readonly elapsed: () => number
  /** Milliseconds that the event loop was busy, from some moment on: `performance.eventLoopUtilization().active`. */
  readonly busy: () => number
  /** Places at most; where a request waits for WeChat it keeps its place. */
  readonly most: number
}

/** How often (ms) is looked how busy the event loop is. */
const lookEvery = 50
/** So late (ms) a look shows that the loop, or the machine, has no time left, however little of it was ours. */
const tooLate = 50
/** From this share of its time on the loop counts as busy: more under way would only wait longer. */
const busyShare = 0.9
/** Busy looks in a row before places are cut. A loop that was held up once, by a neighbour on the machine or the garbage collector, is one look. */
const patience = 4
/** What may always be under way: as many as WeChat is asked by at once, and enough that the loop never waits for work. */
const least = 256
/** For so many looks one waits for a place. Looks, not milliseconds: where they come late, refusals take too much of the time already. */
const patient = 10
/** Who wait for a place at most. */
const mostWaiting = 8_192

/**
 * While the loop has time left, what is under way waits for others, WeChat above all, and more are let in. Once it has none, more under
 * way would only wait for each other, and their number goes down again (as TCP does it).
 *
 * The others wait in line. That a refusal takes its time is on purpose: to refuse costs less than to log in, but ten times as
 * many who come again at once take all the time from those who were let in. And with more than 1,024 sockets that are ready
 * again and again, libuv hardly ever leaves its reading of sockets for timers and for what is due next.
 */
export function createLoadShedder({ elapsed, busy, most }: LoadShedderOptions): LoadShedder {
  let places = least
  let taken = 0
  /** Let in since the last look: failing at once must not make a place good for any number of requests. */
  let entered = 0
  /** `look` is the one at which somebody came. */
  let line: { readonly look: number; readonly go: (entered: boolean) => void }[] = []
  let busyLooks = 0
  let looks = 0
  let looked = elapsed()
  let wasBusy = busy()

  function hasPlace(): boolean {
    return taken < places && entered < most
  }

  function take(): void {
    taken += 1
    entered += 1
  }

  /** Whoever waits the longest is the next. */
  function letIn(): void {
    let next = 0
    for (; next < line.length && hasPlace(); next += 1) {
      take()
      line[next]?.go(true)
    }
    line = next === 0 ? line : line.slice(next)
  }

  /** Those who came at that look or before. */
  function refuse(until: number): void {
    const kept = line.findIndex(({ look }) => look > until)
    for (const { go } of line.splice(0, kept === -1 ? line.length : kept)) go(false)
  }

  function adapt(isBusy: boolean): void {
    busyLooks = isBusy ? busyLooks + 1 : 0
    if (busyLooks >= patience) places *= 0.8
    // Only as many as are asked for: what was never tried says nothing.
    else if (!isBusy) places *= taken > places / 2 ? 1.125 : 0.95
    places = Math.max(least, Math.min(most, places))
  }

  const timer = setInterval(() => {
    const now = elapsed()
    const busyNow = busy()
    const since = now - looked
    adapt(since - lookEvery >= tooLate || busyNow - wasBusy >= busyShare * since)
    looked = now
    wasBusy = busyNow
    entered = 0
    looks += 1
    letIn()
    refuse(looks - patient)
  }, lookEvery)
  timer.unref()

  return {
    enter() {
      if (line.length === 0 && hasPlace()) {
        take()
        return true
      }
      if (line.length >= mostWaiting) return Promise.resolve(false)
      return new Promise(resolve => line.push({ look: looks, go: resolve }))
    },
    leave() {
      taken -= 1
      if (line.length > 0) letIn()
    },
    close() {
      clearInterval(timer)
      refuse(Number.POSITIVE_INFINITY)
    },
  }
}
