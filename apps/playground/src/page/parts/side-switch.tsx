import { useSay } from "../language.tsx"
import { words } from "../words.ts"

export type Side = "computer" | "faults"

const sides: readonly Side[] = ["computer", "faults"]

interface Props {
  readonly side: Side
  choose(side: Side): void
  /** How many faults are switched on. */
  readonly armed: number
}

/** What stands beside the sequence where there is room for three columns. */
export function SideSwitch({ side, choose, armed }: Props) {
  const say = useSay()
  return (
    <nav class="side-switch segments" aria-label={say(words.side)}>
      {sides.map(each => (
        <button
          key={each}
          type="button"
          data-side={each}
          aria-pressed={each === side}
          onClick={() => choose(each)}
        >
          {say(words[each])}
          {each === "faults" && armed > 0 && <span class="armed-count">{armed}</span>}
        </button>
      ))}
    </nav>
  )
}
