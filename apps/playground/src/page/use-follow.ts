import type { RefObject } from "preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"

/** Pixels from the end within which one counts as being there. */
const near = 80

export interface Follow {
  /** Of the box that scrolls. */
  readonly box: RefObject<HTMLElement | null>
  /** Whether the end is kept in sight. */
  readonly following: boolean
  toEnd(): void
  /** Looks again whether the end is in sight, after something was opened or closed. */
  look(): void
}

/** Keeps the end of a growing box in sight, unless one has scrolled away from it. */
export function useFollow(latest: number | undefined): Follow {
  const box = useRef<HTMLElement>(null)
  const [following, setFollowing] = useState(true)
  const isFollowing = useRef(true)
  const isEmpty = useRef(true)
  const top = useRef(0)

  function follow(next: boolean): void {
    isFollowing.current = next
    setFollowing(next)
  }
  function scrollTo(place: "end" | "start"): void {
    const element = box.current
    if (element === null) return
    element.scrollTop = place === "end" ? element.scrollHeight : 0
    top.current = element.scrollTop
    follow(true)
  }
  function look(): void {
    const element = box.current
    if (element !== null) follow(element.scrollHeight - element.scrollTop - element.clientHeight < near)
  }
  useEffect(() => {
    const element = box.current
    if (element === null) return
    // What grew at the end since is no reason: only who scrolls up wants to stay there.
    const scrolled = () => {
      if (element.scrollTop < top.current || !isFollowing.current) look()
      top.current = element.scrollTop
    }
    element.addEventListener("scroll", scrolled, { passive: true })
    // A narrow screen may have hidden it while it grew.
    const resized = new ResizeObserver(() => isFollowing.current && !isEmpty.current && scrollTo("end"))
    resized.observe(element)
    return () => {
      element.removeEventListener("scroll", scrolled)
      resized.disconnect()
    }
  }, [])
  useLayoutEffect(() => {
    isEmpty.current = latest === undefined
    if (latest === undefined) scrollTo("start")
    else if (isFollowing.current) scrollTo("end")
  }, [latest])
  return { box, following, toEnd: () => scrollTo("end"), look }
}
