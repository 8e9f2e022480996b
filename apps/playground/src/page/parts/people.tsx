import type { State } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { sendControl } from "../send-control.ts"
import { words } from "../words.ts"

/** The people, one of whom holds the phone. */
export function People({ state }: { readonly state: State | null }) {
  const say = useSay()
  if (state === null) return null
  return (
    <fieldset class="people">
      <legend class="people-title">{say(words.holder)}</legend>
      <div class="chips">
        {state.people.map(({ name, title }, index) => (
          <button
            key={name}
            type="button"
            class="chip"
            aria-pressed={name === state.person}
            onClick={() => void sendControl({ control: "person", person: name })}
          >
            <span class="face" data-hue={index % 4} aria-hidden="true">
              {[...say(title)].at(/^\p{sc=Han}/u.test(say(title)) ? -1 : 0)}
            </span>
            {say(title)}
          </button>
        ))}
      </div>
    </fieldset>
  )
}
