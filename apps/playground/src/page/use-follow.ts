import type { RefObject } from "preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"

/** Pixels from the end within which one counts as being there. */
const near = 80

export interface Follow {
  /** Of the box that scrolls. */
  readonly box: RefObject<HTMLDivElement | null>
  /** Whether the end is in sight. */
  readonly following: boolean
  toEnd(): void
}

/** Keeps the end of a growing box in sight, unless one has scrolled away from it. */
export function useFollow(latest: number | undefined): Follow {
  const box = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)

  function toEnd(): void {
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const look = () => setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < near)
    element.addEventListener("scroll", look, { passive: true })
    return () => element.removeEventListener("scroll", look)
  }, [])
  useLayoutEffect(() => {
    if (latest === undefined) box.current?.scrollTo({ top: 0 })
    else if (following) toEnd()
  }, [latest])
  return { box, following, toEnd }
}
