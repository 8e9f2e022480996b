import { createGrowingPause } from "./growing-pause.ts"

/** Sees to it that a pool does not dial a database that is away all the time, with every batch. */
export interface Dialling {
  /**
   * Asks the pool for a connection. After a dial that failed there is a pause, and at its end one asks first and the others wait for what
   * becomes of it. A short pause is waited for, so that a break that is mended at once costs nobody a failure; in a longer one this rejects at
   * once with what the last dial said.
   */
  connect<Connection>(ask: () => Promise<Connection>): Promise<Connection>
  /** To be called whenever the database has answered: the trouble, if there is one, is over. */
  heard(): void
}

/** How long (ms) nobody dials after a failure: doubled each time up to the second. */
const firstPause = 50
const longestPause = 1_000
/** Pauses so long (ms) are waited for; what is left of the time for an answer must do for dialling and the statement. */
const patience = 250

interface Trouble {
  readonly error: unknown
  readonly isShort: boolean
  /** Resolves at the end of the pause. */
  readonly end: Promise<void>
  isOver: boolean
  /** Resolves once whoever asked first after the pause knows. */
  first?: Promise<void>
}

/** @param isDial whether this error of the pool says that dialling failed, not that all its connections are in use */
export function createDialling(isDial: (error: unknown) => boolean): Dialling {
  const pause = createGrowingPause(firstPause, longestPause)
  let trouble: Trouble | undefined

  async function dial<Connection>(ask: () => Promise<Connection>): Promise<Connection> {
    const before = trouble
    try {
      return await ask()
    } catch (error) {
      // Those who dialled at the same time and failed too are no second failure.
      if (trouble === before && isDial(error)) trouble = rest(error)
      throw error
    }
  }

  function rest(error: unknown): Trouble {
    const ms = pause.next()
    const isShort = ms <= patience
    const end = new Promise<void>(resolve => {
      const timer = setTimeout(() => {
        made.isOver = true
        resolve()
      }, ms)
      // Nobody waits for a long one, so that it must not keep a process alive.
      if (!isShort) timer.unref()
    })
    const made: Trouble = { error, isShort, end, isOver: false }
    return made
  }

  async function connectInTrouble<Connection>(
    known: Trouble,
    ask: () => Promise<Connection>,
  ): Promise<Connection> {
    if (!known.isOver) {
      if (!known.isShort) throw known.error
      await known.end
    }
    if (trouble === known && known.first === undefined) {
      const first = dial(ask)
      const over = () => {}
      known.first = first.then(over, over)
      return await first
    }
    await known.first
    if (trouble !== undefined && trouble !== known) throw trouble.error
    return await dial(ask)
  }

  return {
    connect: ask => (trouble === undefined ? dial(ask) : connectInTrouble(trouble, ask)),
    heard() {
      if (trouble === undefined) return
      trouble = undefined
      pause.reset()
    },
  }
}
