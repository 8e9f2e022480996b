import { useState } from "preact/hooks"
import type { Message } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { wayOf } from "../parties.ts"
import { words } from "../words.ts"

const mostSpoken = 5

/** Says each new message in a few words to who can't see the drawing. What happened before the page opened is not read out. */
export function Announcer({ messages }: { readonly messages: readonly Message[] }) {
  const say = useSay()
  const [opened] = useState(Date.now)
  const spoken = messages.filter(({ at }) => at >= opened).slice(-mostSpoken)

  function announcement(message: Message): string {
    const { step, title, kind, ok } = message
    const number = step === null ? "" : `${say(words.step)} ${step}: `
    const end = kind === "lost" ? `, ${say(words.lost)}` : ok === false ? `, ${say(words.failed)}` : ""
    return `${number}${say(title)} (${say(wayOf(message))})${end}`
  }

  return (
    <div class="unseen" role="log" aria-live="polite" aria-label={say(words.messages)}>
      {spoken.map(message => (
        <p key={message.id}>{announcement(message)}</p>
      ))}
    </div>
  )
}
