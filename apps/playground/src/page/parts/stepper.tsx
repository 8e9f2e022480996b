import { useState } from "preact/hooks"
import type { Message, Text } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { progress, type StepState } from "../progress.ts"
import { type StepNumber, steps } from "../steps.ts"
import { words } from "../words.ts"

const stateWords: Readonly<Record<StepState, Text>> = {
  done: words.stepDone,
  now: words.stepNow,
  failed: words.stepFailed,
}

/** Instead of what should have happened: what did, and what is done about it. */
function whatFailed({ title, note }: Message): Text {
  return note === null ? title : { en: `${title.en}. ${note.en}`, zh: `${title.zh}。${note.zh}` }
}

/** The nine steps. They light up as they happen; a step that is pointed at, else the latest one, is explained. */
export function Stepper({ messages }: { readonly messages: readonly Message[] }) {
  const say = useSay()
  const [pointed, setPointed] = useState<StepNumber | null>(null)
  const reached = progress(messages)
  const latest = messages.findLast(({ step }) => step !== null)
  const explained = steps.find(({ number }) => number === (pointed ?? latest?.step ?? 1))
  const failed = pointed === null && latest?.ok === false ? latest : undefined
  return (
    <div class="stepper">
      <ol class="steps" aria-label={say(words.nineSteps)} onMouseLeave={() => setPointed(null)}>
        {steps.map(({ number, label, sentence }) => {
          const state = reached.get(number)
          return (
            <li
              key={number}
              class="step"
              data-state={state ?? "todo"}
              data-explained={number === explained?.number}
            >
              <button
                type="button"
                aria-describedby={`step-${number}-sentence`}
                onFocus={() => setPointed(number)}
                onBlur={() => setPointed(null)}
                onMouseEnter={() => setPointed(number)}
                onClick={() => setPointed(number)}
              >
                <span class="step-circle">
                  <span class="unseen">{say(words.step)} </span>
                  {number}
                </span>{" "}
                <span class="step-label">{say(label)}</span>
                <span class="unseen">: {say(state === undefined ? words.stepTodo : stateWords[state])}</span>
              </button>
              <span id={`step-${number}-sentence`} class="unseen">
                {say(sentence)}
              </span>
            </li>
          )
        })}
      </ol>
      {explained !== undefined && (
        <p class="step-sentence" key={explained.number} data-failed={failed !== undefined} aria-hidden="true">
          <b>{explained.number}</b>
          <span>{failed === undefined ? say(explained.sentence) : say(whatFailed(failed))}</span>
        </p>
      )}
    </div>
  )
}
