import type { Message } from "../../protocol.ts"
import { lifelineOf } from "../parties.ts"
import { Icon } from "./icon.tsx"

type Props = Pick<Message, "from" | "to" | "kind" | "ok">

/** An arrow from one lifeline to another; one that was lost breaks off on its way. An event is a mark on its lifeline. */
export function Arrow({ from, to, kind, ok }: Props) {
  const start = lifelineOf(from)
  if (kind === "event") return <span class="event-mark" style={{ left: `${start * 100}%` }} />
  const end = lifelineOf(to)
  const left = Math.min(start, end)
  const way = start < end ? "right" : "left"
  const outcome = kind === "lost" || ok === false ? "bad" : "good"
  return (
    <span
      class="arrow"
      data-way={way}
      data-kind={kind}
      data-outcome={outcome}
      style={{ left: `${left * 100}%`, width: `${Math.abs(end - start) * 100}%` }}
    >
      <span class="arrow-line" />
      {kind === "lost" ? (
        <span class="arrow-break">
          <Icon name="cross" size={14} />
        </span>
      ) : (
        <span class="arrow-head" />
      )}
    </span>
  )
}
