import type { ComponentChildren } from "preact"
import type { Text } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { Icon } from "./icon.tsx"

interface Props {
  readonly text: Text
  /** Whether it is about something that is under way. */
  readonly breathing?: boolean
  readonly children?: ComponentChildren
}

/** What the phone's screen says while there is no mini program on it. */
export function PhoneNote({ text, breathing = false, children }: Props) {
  const say = useSay()
  return (
    <div class="phone-note" role="status">
      <span class="phone-note-mark" data-breathing={breathing}>
        <Icon name="miniprogram" size={32} />
      </span>
      <p>{say(text)}</p>
      {children}
    </div>
  )
}
