import { useEffect, useState } from "preact/hooks"
import type { State } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { useOnePhone } from "../use-one-phone.ts"
import { usePhone } from "../use-phone.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"
import { People } from "./people.tsx"
import { PhoneNote } from "./phone-note.tsx"

interface Props {
  /** Another number loads the phone anew. */
  readonly version: number
  readonly state: State | null
}

/** A phone with the mini program in it, and the word that it is not WeChat. */
export function Phone({ version, state }: Props) {
  const say = useSay()
  const [reloads, setReloads] = useState(0)
  const { elsewhere, take } = useOnePhone()
  return (
    <section class="phone panel" aria-label={say(words.phone)}>
      <People state={state} />
      <div class="phone-frame">
        <div class="phone-screen">
          {elsewhere ? (
            <PhoneNote text={words.phoneElsewhere}>
              <button type="button" class="primary" onClick={take}>
                {say(words.phoneTake)}
              </button>
            </PhoneNote>
          ) : (
            <Screen turn={version + reloads} />
          )}
        </div>
      </div>
      <p class="phone-label">
        <span>{say(words.simulated)}</span>
        <button type="button" class="quiet" onClick={() => setReloads(reloads + 1)}>
          <Icon name="reload" size={14} />
          {say(words.phoneReload)}
        </button>
      </p>
    </section>
  )
}

/** @param turn another number loads it anew */
function Screen({ turn }: { readonly turn: number }) {
  const say = useSay()
  const [drawn, setDrawn] = useState(false)
  const status = usePhone(turn)
  useEffect(() => setDrawn(false), [turn])
  return (
    <>
      {status === "ready" && (
        <iframe
          key={turn}
          src="./phone/"
          title={say(words.phoneTitle)}
          onLoad={() => setDrawn(true)}
          data-drawn={drawn}
        />
      )}
      {!(status === "ready" && drawn) && (
        <PhoneNote text={status === "waiting" ? words.phoneWaiting : words.phoneLoading} breathing />
      )}
    </>
  )
}
