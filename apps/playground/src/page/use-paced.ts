import { useEffect, useRef, useState } from "preact/hooks"
import type { Message } from "../protocol.ts"

/** Milliseconds between two messages that came at once. */
const gap = 420
/** Milliseconds after which a message is the past and is not played any more. */
const past = 8_000

/**
 * The messages that are drawn so far: a whole login takes some milliseconds, so that nobody could follow it, and is drawn
 * one message after another. What happened before the page was open is there at once.
 * @param slow `false` draws everything at once
 */
export function usePaced(messages: readonly Message[], slow: boolean): readonly Message[] {
  const [drawn, setDrawn] = useState(0)
  const drawnAt = useRef(0)
  const latest = messages.at(-1)?.id ?? 0
  const next = messages.find(({ id }) => id > drawn)

  useEffect(() => {
    // A server that was started anew counts from one.
    if (latest < drawn) return setDrawn(0)
    if (next === undefined) return
    const now = Date.now()
    const gone = slow ? (messages.findLast(({ at }) => at < now - past)?.id ?? 0) : latest
    if (gone > drawn) return setDrawn(gone)
    const timer = setTimeout(
      () => {
        drawnAt.current = Date.now()
        setDrawn(next.id)
      },
      Math.max(0, drawnAt.current + gap - now),
    )
    return () => clearTimeout(timer)
  }, [latest, drawn, slow, next, messages])

  return slow ? messages.filter(({ id }) => id <= drawn) : messages
}
