/** A point in time by which something must be done. Real time, as sockets live in it. */
export interface Deadline {
  readonly passed: boolean
  /** Called when it passes; one thing at a time may wait for it. */
  onPass: (() => void) | undefined
  /** Must be called in the end, or a timer is left behind. */
  stop(): void
}

/** Starts a deadline that passes in so many milliseconds. */
export function startDeadline(ms: number): Deadline {
  return new Timed(ms)
}

/**
 * A class, as in send-by-pool.ts: closures and getters made for every call are kept until the next full garbage collection, with all that
 * they can reach, which costs a login a tenth of its time.
 */
class Timed implements Deadline {
  passed = false
  onPass: (() => void) | undefined = undefined
  readonly #timer: NodeJS.Timeout

  constructor(ms: number) {
    this.#timer = setTimeout(pass, ms, this)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.onPass = undefined
  }
}

function pass(deadline: Timed): void {
  deadline.passed = true
  deadline.onPass?.()
}

/** Waits so many milliseconds; `false`, and at once, if the deadline passes before. */
export function pause(ms: number, deadline: Deadline): Promise<boolean> {
  if (deadline.passed) return Promise.resolve(false)
  return new Promise(resolve => {
    const end = (whole: boolean) => {
      clearTimeout(timer)
      deadline.onPass = undefined
      resolve(whole)
    }
    const timer = setTimeout(() => end(true), ms)
    deadline.onPass = () => end(false)
  })
}
