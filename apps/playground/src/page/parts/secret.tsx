import { useId, useState } from "preact/hooks"
import type { Text } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { shownSecret } from "../shown-secret.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"

interface Props {
  readonly value: string
  readonly why: Text
  /** The name of what is secret. */
  readonly of: string
}

/** What may be seen of a secret, and, when it is pointed at or opened, why the rest may not. */
export function Secret({ value, why, of }: Props) {
  const say = useSay()
  const id = useId()
  const [open, setOpen] = useState(false)
  return (
    <span class="secret" data-open={open}>
      <button
        type="button"
        class="secret-value"
        aria-expanded={open}
        aria-describedby={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name="lock" size={13} />
        <span class="unseen">
          {of}, {say(words.secret)}:{" "}
        </span>
        <code>{shownSecret(value)}</code>
      </button>
      <span class="secret-why" id={id} role="tooltip">
        {say(why)}
      </span>
    </span>
  )
}
