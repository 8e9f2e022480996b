import type { Fault } from "../faults.ts"
import { useSay } from "../language.tsx"
import { useHappened } from "../use-happened.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"

interface Props {
  readonly fault: Fault
  readonly armed: boolean
  /** Answers whether the server took it. */
  press(): Promise<boolean>
}

/** A fault to be switched on; what is done about it is told as soon as it is, and for a while after it struck. */
export function FaultButton({ fault, armed, press }: Props) {
  const say = useSay()
  const { control, icon, title, does, waitsFor, answer } = fault
  const waits = waitsFor !== null
  const { happened, byHand, happen } = useHappened(armed)
  const on = armed || happened
  async function onClick(): Promise<void> {
    byHand()
    if ((await press()) && !waits) happen()
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
          <Icon name={happened ? "check" : icon} size={18} />
        </span>
        <span class="fault-words">
          <span class="fault-title">
            {say(title)}
            {on && (
              <span class="fault-state">{say(happened ? words.happened : (waitsFor ?? words.happened))}</span>
            )}
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
