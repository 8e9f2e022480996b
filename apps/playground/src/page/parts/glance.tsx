import type { Message } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { progress } from "../progress.ts"
import { steps } from "../steps.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"

interface Props {
  readonly messages: readonly Message[]
  /** Goes to where the login is drawn. */
  open(): void
}

/** The nine steps as nine dots, for a screen that shows the phone alone. */
export function Glance({ messages, open }: Props) {
  const say = useSay()
  const reached = progress(messages)
  const latest = messages.findLast(({ step }) => step !== null)?.step
  const step = steps.find(({ number }) => number === latest)
  return (
    <button type="button" class="glance" onClick={open}>
      <span class="glance-dots" aria-hidden="true">
        {steps.map(({ number }) => (
          <i key={number} data-state={reached.get(number) ?? "todo"} />
        ))}
      </span>
      <span class="glance-words">
        {step === undefined ? say(words.nineSteps) : `${step.number} ${say(step.label)}`}
      </span>
      <Icon name="chevron" size={14} />
    </button>
  )
}
