import { useEffect, useRef, useState } from "preact/hooks"
import type { Message } from "../../protocol.ts"
import { duration } from "../duration.ts"
import { useSay } from "../language.tsx"
import { lifelineOf, wayOf } from "../parties.ts"
import { words } from "../words.ts"
import { Arrow } from "./arrow.tsx"
import { Icon } from "./icon.tsx"
import { MessageDetails } from "./message-details.tsx"
import { SmallCountdown } from "./small-countdown.tsx"

/** Milliseconds from which a message counts as slow. */
const slow = 1_000

interface Props {
  readonly message: Message
  /** Told after it was opened or closed. */
  onToggle(): void
}

/** One message: an arrow over the lifelines, which opens to all that is known of it. */
export function MessageRow({ message, onToggle }: Props) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const row = useRef<HTMLLIElement>(null)
  const wasOpen = useRef(false)
  useEffect(() => {
    if (open === wasOpen.current) return
    wasOpen.current = open
    if (open) row.current?.scrollIntoView({ block: "nearest" })
    onToggle()
  }, [open])
  const { id, step, from, to, kind, ok, line, title, durationMs, token } = message
  const lost = kind === "lost"
  const start = Math.min(lifelineOf(from), lifelineOf(to))
  return (
    <li
      ref={row}
      class="message"
      data-open={open}
      data-kind={kind}
      data-outcome={lost || ok === false ? "bad" : "good"}
    >
      <button
        type="button"
        class="message-head"
        aria-expanded={open}
        aria-controls={open ? `message-${id}` : undefined}
        onClick={() => setOpen(!open)}
      >
        <span class="badge" data-step={step !== null}>
          <span class="unseen">{step === null ? "" : say(words.step)} </span>
          {step ?? ""}
        </span>
        <span class="lane">
          <span
            class="message-label"
            style={{
              "--start": start,
              "--meta": token !== null ? "150px" : durationMs !== null ? "92px" : "40px",
            }}
          >
            <span class="message-title">{say(title)}</span>
            <code class="message-line">{line}</code>
            {lost && <span class="message-end">{say(words.lost)}</span>}
            <span class="unseen">{say(wayOf(message))}</span>
          </span>
          <span class="message-arrow" aria-hidden="true">
            <Arrow from={from} to={to} kind={kind} ok={ok} />
          </span>
        </span>
        <span class="message-meta">
          {token !== null && <SmallCountdown token={token} />}
          {durationMs !== null && (
            <span class="duration" data-slow={durationMs >= slow}>
              {duration(durationMs)}
            </span>
          )}
          <Icon name="chevron" />
        </span>
      </button>
      {open && <MessageDetails message={message} />}
    </li>
  )
}
