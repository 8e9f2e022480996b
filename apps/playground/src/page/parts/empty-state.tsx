import { useSay } from "../language.tsx"
import { lifelineOf } from "../parties.ts"
import { steps } from "../steps.ts"
import { words } from "../words.ts"
import { Arrow } from "./arrow.tsx"
import { Icon } from "./icon.tsx"

/** Before the first message: what to do, and faintly what will then be seen. */
export function EmptyState({ toPhone }: { toPhone(): void }) {
  const say = useSay()
  return (
    <div class="empty">
      <div class="empty-card">
        <span class="empty-mark">
          <Icon name="phone" size={24} />
        </span>
        <div>
          <h3>{say(words.emptyTitle)}</h3>
          <p>{say(words.emptyNote)}</p>
          <button type="button" class="primary empty-go" onClick={toPhone}>
            {say(words.toPhone)}
          </button>
        </div>
      </div>
      <div class="ghosts" aria-hidden="true">
        {steps.map(({ number, label, from, to, kind, line }) => (
          <div key={number} class="message-head ghost">
            <span class="badge" data-step="true">
              {number}
            </span>
            <span class="lane">
              <span class="message-label" style={{ "--start": Math.min(lifelineOf(from), lifelineOf(to)) }}>
                <span class="message-title">{say(label)}</span>
                <code class="message-line">{line}</code>
              </span>
              <span class="message-arrow">
                <Arrow from={from} to={to} kind={kind} ok={null} />
              </span>
            </span>
            <span class="message-meta" />
          </div>
        ))}
      </div>
    </div>
  )
}
