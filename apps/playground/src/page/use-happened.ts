import { useEffect, useRef, useState } from "preact/hooks"

/** Milliseconds for which something that happened is shown as having happened. */
const shownFor = 10_000

export interface Happened {
  /** Whether it happened a moment ago. */
  readonly happened: boolean
  happen(): void
  /** Says that the next change of `armed` is the person's own, and nothing that happened. */
  byHand(): void
}

/** Notices when something that was armed strikes. */
export function useHappened(armed: boolean): Happened {
  const [times, setTimes] = useState(0)
  const [happened, setHappened] = useState(false)
  const was = useRef({ armed, byHand: false })

  function happen(): void {
    setTimes(count => count + 1)
    setHappened(true)
  }
  useEffect(() => {
    if (was.current.armed && !armed && !was.current.byHand) happen()
    if (armed) setHappened(false)
    was.current = { armed, byHand: false }
  }, [armed])
  useEffect(() => {
    if (!happened) return
    const timer = setTimeout(() => setHappened(false), shownFor)
    return () => clearTimeout(timer)
  }, [happened, times])

  return {
    happened,
    happen,
    byHand() {
      was.current.byHand = true
    },
  }
}
