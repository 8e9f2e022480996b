import { useEffect, useState } from "preact/hooks"
import type { Fault } from "../faults.ts"
import { useSay } from "../language.tsx"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"

/** Milliseconds for which something that happened at once is shown as having happened. */
const shownFor = 6_000

interface Props {
  readonly fault: Fault
  /** Whether it waits for a request, or happens at once. */
  readonly waits: boolean
  readonly armed: boolean
  /** Answers whether the server took it. */
  press(): Promise<boolean>
}

/** A fault to be switched on; what is done about it is told as soon as it is. */
export function FaultButton({ fault, waits, armed, press }: Props) {
  const say = useSay()
  const [happened, setHappened] = useState(0)
  const { control, icon, title, does, answer } = fault
  const on = armed || happened > 0
  useEffect(() => {
    if (happened === 0) return
    const timer = setTimeout(() => setHappened(0), shownFor)
    return () => clearTimeout(timer)
  }, [happened])
  async function onClick(): Promise<void> {
    if ((await press()) && !waits) setHappened(happened + 1)
  }
  return (
    <div class="fault" data-on={on}>
      <button
        type="button"
        class="fault-button"
        data-control={control}
        aria-pressed={waits ? armed : undefined}
        aria-describedby={`fault-${control}`}
        onClick={() => void onClick()}
      >
        <span class="fault-icon">
          <Icon name={happened > 0 ? "check" : icon} size={18} />
        </span>
        <span class="fault-words">
          <span class="fault-title">
            {say(title)}
            {on && <span class="fault-state">{say(waits ? words.waits : words.happened)}</span>}
          </span>
          <span class="fault-does" id={`fault-${control}`}>
            {say(does)}
          </span>
        </span>
        {waits && <span class="switch" aria-hidden="true" />}
      </button>
      <div class="fault-answer" role="status">
        {on && (
          <p>
            <b>{say(words.answerOfFault)}</b>
            {say(answer)}
          </p>
        )}
      </div>
    </div>
  )
}
