import { useEffect, useRef, useState } from "preact/hooks"

export interface OnePhone {
  /** Whether the phone is shown in another tab. */
  readonly elsewhere: boolean
  /** Shows it here; the other tab lets go of it. */
  take(): void
}

/**
 * There is one phone, with one storage. Two tabs that show it would be two mini programs with the same refresh token, which
 * a server has to take for a theft. So the tab that was opened last has it.
 */
export function useOnePhone(): OnePhone {
  const [elsewhere, setElsewhere] = useState(false)
  const channel = useRef<BroadcastChannel>(null)
  useEffect(() => {
    const opened = new BroadcastChannel("denglu-playground-phone")
    opened.onmessage = () => setElsewhere(true)
    opened.postMessage("taken")
    channel.current = opened
    return () => opened.close()
  }, [])
  return {
    elsewhere,
    take() {
      channel.current?.postMessage("taken")
      setElsewhere(false)
    },
  }
}
