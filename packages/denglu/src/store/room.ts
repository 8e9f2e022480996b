import { createGrowingPause } from "./growing-pause.ts"

/**
 * How many connections the server lets a pool have. Usually that is the pool's own limit, and nothing happens here. A server that refuses
 * one more while the pool has some says that all are in use: whoever asks waits for one of those, and now and then one more is tried.
 */
export interface Room {
  /** Asks the pool for a connection, waiting for one that is given back if need be. Rejects as the pool does, or with what the server refused one with. */
  ask<Connection>(connect: () => Promise<Connection>): Promise<Connection>
  /** To be called once for each connection that {@link ask} gave, after the pool has it back. */
  givenBack(): void
  /** To be called when the pool has one more connection, and when it has one less. */
  opened(): void
  closed(): void
  /** Whether this is the server's refusal of one more connection than the pool has. */
  isFull(error: unknown): boolean
}

/** How long (ms) until one more connection is tried: doubled each time up to the second. */
const firstPause = 20
const longestPause = 1_000

/** Somebody who waits for a connection, in one turn after the other. */
interface Waiting {
  /** Runs from the first wait to the end of its time. */
  timer: NodeJS.Timeout | undefined
  isOver: boolean
  enter(): void
  fail(error: unknown): void
}

/**
 * @param isRefusal whether this error is the server's "too many connections"
 * @param waitMs how long (ms) to wait for a connection
 */
export function createRoom(isRefusal: (error: unknown) => boolean, waitMs: number): Room {
  const pause = createGrowingPause(firstPause, longestPause)
  let waiting: Waiting[] = []
  let open = 0
  /** Connections in use, and those that are being asked for. */
  let taken = 0
  let places = Number.POSITIVE_INFINITY
  let refusal: unknown

  function letIn(): void {
    while (taken < places) {
      const first = waiting.shift()
      if (first === undefined) return
      taken += 1
      first.enter()
    }
  }

  function leave(): void {
    taken -= 1
    letIn()
  }

  function tryMoreSoon(): void {
    const timer = setTimeout(() => {
      if (waiting.length === 0) {
        places = Number.POSITIVE_INFINITY
        pause.reset()
        return
      }
      places += 1
      tryMoreSoon()
      letIn()
    }, pause.next())
    // Who waits has a timer of their own.
    timer.unref()
  }

  /** Takes note of a refusal, and answers whether there is a connection to wait for. */
  function refuse(error: unknown): boolean {
    refusal = error
    taken -= 1
    if (open === 0 && taken === 0) {
      const all = waiting
      waiting = []
      for (const { fail } of all) fail(error)
      return false
    }
    if (places === Number.POSITIVE_INFINITY) tryMoreSoon()
    // Those that are being asked for may be refused too, and then say so.
    places = Math.max(open, taken)
    return true
  }

  /** Resolves when it is this one's turn; rejects with what the server said when its time is over. */
  function turn(one: Waiting): Promise<void> {
    return new Promise((resolve, reject) => {
      if (one.isOver) {
        reject(refusal)
        return
      }
      one.enter = resolve
      one.fail = reject
      // Who had its turn before is the next again.
      if (one.timer === undefined) waiting.push(one)
      else waiting.unshift(one)
      one.timer ??= setTimeout(() => {
        one.isOver = true
        waiting = waiting.filter(other => other !== one)
        one.fail(refusal)
      }, waitMs)
    })
  }

  return {
    async ask(connect) {
      const one: Waiting = { timer: undefined, isOver: false, enter() {}, fail() {} }
      try {
        if (taken < places) taken += 1
        else await turn(one)
        for (;;) {
          try {
            return await connect()
          } catch (error) {
            if (!isRefusal(error)) {
              leave()
              throw error
            }
            if (!refuse(error)) throw error
            await turn(one)
          }
        }
      } finally {
        clearTimeout(one.timer)
      }
    },
    givenBack: leave,
    opened() {
      open += 1
    },
    closed() {
      open -= 1
    },
    isFull: error => isRefusal(error) && (open > 0 || taken > 0),
  }
}
