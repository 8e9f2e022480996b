import type { Message } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { words } from "../words.ts"

interface Props {
  readonly messages: readonly Message[]
  toFaults(): void
}

/** After the first login that went well: what there is to try next. */
export function NextHint({ messages, toFaults }: Props) {
  const say = useSay()
  const last = messages.at(-1)
  const isWhole = last?.step === 8 && last.kind === "reply"
  const isPlain = messages.every(({ kind, ok }) => kind !== "lost" && kind !== "event" && ok !== false)
  if (!isWhole || !isPlain) return null
  return (
    <div class="next-hint">
      <p>
        <b>{say(words.nextTitle)}</b> {say(words.nextNote)}
      </p>
      <button type="button" class="quiet next-go" onClick={toFaults}>
        {say(words.toFaults)}
      </button>
    </div>
  )
}
