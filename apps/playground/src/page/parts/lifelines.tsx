import type { Message } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { parties } from "../parties.ts"
import { Icon } from "./icon.tsx"

/** The names over the five lifelines; those that the latest message concerns light up. */
export function Lifelines({ latest }: { readonly latest: Message | undefined }) {
  const say = useSay()
  return (
    <ol class="lifelines">
      {parties.map(({ party, name, short }) => {
        const concerned = latest?.from === party || latest?.to === party
        return (
          // Drawn anew with each message, so that it lights up again.
          <li key={concerned ? `${party} ${latest.id}` : party} class="lifeline" data-lit={concerned}>
            <Icon name={party} size={18} />
            <span class="lifeline-name">{say(name)}</span>
            <span class="lifeline-short" aria-hidden="true">
              {say(short)}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** The five lines, behind everything that lies on them. */
export function Strokes() {
  return (
    <div class="strokes" aria-hidden="true">
      {parties.map(({ party }) => (
        <i key={party} />
      ))}
    </div>
  )
}
