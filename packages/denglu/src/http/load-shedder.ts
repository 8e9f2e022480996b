/** Refuses work while the process has more than it can do, so that what it accepts is done in time. */
export interface LoadShedder {
  /** Takes a place, or answers `false`: then the work is to be refused at once. Every place taken is given back. */
  enter(): boolean
  leave(): void
  close(): void
}

export interface LoadShedderOptions {
  /** Milliseconds from some moment on: `performance.now`. */
  readonly elapsed: () => number
  /** Places at most; where a request waits for WeChat it keeps its place. */
  readonly most: number
}

/** How often (ms) is looked how late the event loop is. */
const lookEvery = 50
/** So late (ms) is too late: what arrives now would wait at least as long. */
const tooLate = 200
/** Late looks in a row before places are cut: once late is a neighbour on the machine, or the garbage collector. */
const patience = 2
/** What a burst after a quiet time may always take. */
const least = 128

/**
 * As many places as the event loop keeps up with: each time it runs late their number is cut by a third, each time it is on time it grows
 * slowly again (additive increase, multiplicative decrease, as TCP does it). Counting alone would not do: how many can be under
 * way depends on how long WeChat takes.
 */
export function createLoadShedder({ elapsed, most }: LoadShedderOptions): LoadShedder {
  let places = most
  let taken = 0
  let looked = elapsed()
  let lateLooks = 0
  const timer = setInterval(() => {
    const now = elapsed()
    const late = now - looked - lookEvery
    looked = now
    lateLooks = late > tooLate ? lateLooks + 1 : 0
    if (lateLooks >= patience) places = Math.max(least, Math.floor(Math.min(places, taken) * 0.67))
    else if (lateLooks === 0) places = Math.min(most, places + Math.max(4, Math.floor(places / 16)))
  }, lookEvery)
  timer.unref()

  return {
    enter() {
      if (taken >= places) return false
      taken += 1
      return true
    },
    leave() {
      taken -= 1
    },
    close: () => clearInterval(timer),
  }
}
