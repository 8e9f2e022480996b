import { useEffect, useState } from "preact/hooks"
import { useSay } from "../language.tsx"
import { words } from "../words.ts"

export type Section = "phone" | "computer" | "process" | "faults"

const sections: readonly Section[] = ["phone", "computer", "process", "faults"]

interface Props {
  readonly section: Section
  choose(section: Section): void
  /** The id of the latest message. */
  readonly latest: number
  /** How many faults are switched on. */
  readonly armed: number
}

/** Which part a narrow screen shows. A dot tells of messages that nobody has looked at. */
export function SectionSwitch({ section, choose, latest, armed }: Props) {
  const say = useSay()
  const [seen, setSeen] = useState(latest)
  useEffect(() => {
    if (section === "process" || latest < seen) setSeen(latest)
  }, [section, latest, seen])
  return (
    <nav class="section-switch segments" aria-label={say(words.sections)}>
      {sections.map(each => (
        <button key={each} type="button" aria-pressed={each === section} onClick={() => choose(each)}>
          {say(words[each])}
          {each === "faults" && armed > 0 && <span class="armed-count">{armed}</span>}
          {each === "process" && latest > seen && (
            <span class="news">
              <span class="unseen">{say(words.news)}</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  )
}
