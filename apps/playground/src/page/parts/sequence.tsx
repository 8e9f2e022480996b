import { Fragment } from "preact"
import type { Message } from "../../protocol.ts"
import { useLanguage, useSay } from "../language.tsx"
import { sendControl } from "../send-control.ts"
import { useFollow } from "../use-follow.ts"
import { words } from "../words.ts"
import { EmptyState } from "./empty-state.tsx"
import { Icon } from "./icon.tsx"
import { Lifelines, Strokes } from "./lifelines.tsx"
import { MessageRow } from "./message-row.tsx"
import { NextHint } from "./next-hint.tsx"

/** Milliseconds of silence after which the time is drawn. */
const silence = 2_000

interface Props {
  readonly messages: readonly Message[]
  /** Whether messages that come at once are drawn one after another. */
  readonly slow: boolean
  setSlow(slow: boolean): void
  toPhone(): void
  toFaults(): void
}

/** The sequence diagram: five lifelines, and the messages between them from top to bottom. */
export function Sequence({ messages, slow, setSlow, toPhone, toFaults }: Props) {
  const say = useSay()
  const { language } = useLanguage()
  const { box, following, toEnd, look } = useFollow(messages.at(-1)?.id)
  const empty = messages.length === 0
  const time = (at: number) => new Date(at).toLocaleTimeString(language === "zh" ? "zh-CN" : "en-GB")
  return (
    <div class="sequence">
      <div class="sequence-head">
        <h2 id="process-title">{say(words.theLogin)}</h2>
        <button
          type="button"
          class="quiet"
          aria-pressed={slow}
          title={say(words.slowMotionNote)}
          onClick={() => setSlow(!slow)}
        >
          <Icon name="slow" size={14} />
          {say(words.slowMotion)}
        </button>
        <button
          type="button"
          class="quiet"
          disabled={empty}
          onClick={() => void sendControl({ control: "clear" })}
        >
          <Icon name="trash" size={14} />
          {say(words.clear)}
        </button>
      </div>
      <section
        class="sequence-box"
        ref={box}
        aria-label={say(words.messages)}
        // Without a message there is nothing in it to move the focus to, and it may have to be scrolled.
        tabIndex={empty ? 0 : undefined}
      >
        <Lifelines latest={messages.at(-1)} />
        <div class="sequence-flow">
          <Strokes />
          {empty ? (
            <EmptyState toPhone={toPhone} />
          ) : (
            <ol class="messages" aria-label={say(words.messages)}>
              {messages.map((message, index) => {
                const before = messages[index - 1]
                const quiet = before === undefined || message.at - before.at > silence
                return (
                  <Fragment key={message.id}>
                    {quiet && (
                      <li class="moment">
                        <span>{time(message.at)}</span>
                      </li>
                    )}
                    <MessageRow message={message} onToggle={look} />
                  </Fragment>
                )
              })}
            </ol>
          )}
          <NextHint messages={messages} toFaults={toFaults} />
        </div>
      </section>
      {!following && (
        <button type="button" class="to-end" onClick={toEnd}>
          {say(words.latest)}
          <Icon name="chevron" size={14} />
        </button>
      )}
    </div>
  )
}
