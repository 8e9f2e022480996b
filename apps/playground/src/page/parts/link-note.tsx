import { useSay } from "../language.tsx"
import { words } from "../words.ts"

/** What to do while the server does not answer. */
export function LinkNote() {
  const say = useSay()
  return <p class="link-note">{say(words.disconnectedNote)}</p>
}
