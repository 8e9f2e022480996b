import { useEffect, useState } from "preact/hooks"

export type PhoneStatus = "loading" | "waiting" | "ready"

/** Milliseconds. */
const tryAgainAfter = 1_500

/**
 * Whether the phone's page is there; it is asked for until it is.
 * @param version another number asks anew
 */
export function usePhone(version: number): PhoneStatus {
  const [status, setStatus] = useState<PhoneStatus>("loading")
  useEffect(() => {
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    async function look(): Promise<void> {
      const there = await fetch("./phone/", { signal: ended.signal }).then(
        response => response.ok,
        () => false,
      )
      if (ended.signal.aborted) return
      setStatus(there ? "ready" : "waiting")
      if (!there) timer = setTimeout(() => void look(), tryAgainAfter)
    }
    setStatus("loading")
    void look()
    return () => {
      ended.abort()
      clearTimeout(timer)
    }
  }, [version])
  return status
}
