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
  let passed = false
  const timer = setTimeout(() => {
    passed = true
    deadline.onPass?.()
  }, ms)
  const deadline: Deadline = {
    get passed() {
      return passed
    },
    onPass: undefined,
    stop() {
      clearTimeout(timer)
      deadline.onPass = undefined
    },
  }
  return deadline
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
