/** Notices that this process has stood still: frozen by its host, suspended, or held up by its own work. */
export interface Standstill {
  /** While what was missed is being asked for: a promise that resolves, within a second, when it is there or is not to be had. */
  catchingUp(): Promise<void> | undefined
  stop(): void
}

export interface StandstillOptions {
  /** Milliseconds of a clock that only runs forward. */
  readonly elapsed: () => number
  /** Asks for what others have done meanwhile. */
  readonly catchUp: () => Promise<unknown>
}

const beatEvery = 500
/** Without a beat for so long (ms) it stood still. */
const stillAfter = 1_500
/** A database that is away must not hold up who has a good token. */
const waitAtMost = 1_000

/**
 * Whoever is woken reads what has piled up in its sockets before any timer runs, and would judge it by what was known before: so
 * {@link Standstill.catchingUp} looks at the clock itself. Keeps no process alive.
 */
export function watchStandstill({ elapsed, catchUp }: StandstillOptions): Standstill {
  let lastBeat = elapsed()
  let catching: Promise<void> | undefined

  function look(): Promise<void> | undefined {
    const now = elapsed()
    if (now - lastBeat > stillAfter && catching === undefined) catching = begin()
    return catching
  }

  async function begin(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>(resolve => {
      timer = setTimeout(resolve, waitAtMost)
      timer.unref()
    })
    // A failure is logged where it is asked regularly.
    await Promise.race([catchUp().catch(() => {}), enough])
    clearTimeout(timer)
    lastBeat = elapsed()
    catching = undefined
  }

  const beating = setInterval(() => {
    if (look() === undefined) lastBeat = elapsed()
  }, beatEvery)
  beating.unref()
  return { catchingUp: look, stop: () => clearInterval(beating) }
}
