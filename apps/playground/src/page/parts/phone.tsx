import { useEffect, useState } from "preact/hooks"
import type { State } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { usePhone } from "../use-phone.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"
import { People } from "./people.tsx"

interface Props {
  /** Another number loads the phone anew. */
  readonly version: number
  readonly state: State | null
}

/** A phone with the mini program in it, and the word that it is not WeChat. */
export function Phone({ version, state }: Props) {
  const say = useSay()
  const [reloads, setReloads] = useState(0)
  const [drawn, setDrawn] = useState(false)
  const turn = version + reloads
  const status = usePhone(turn)
  useEffect(() => setDrawn(false), [turn])
  return (
    <section class="phone panel" aria-label={say(words.phone)}>
      <People state={state} />
      <div class="phone-frame">
        <div class="phone-screen">
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
            <div class="phone-load" role="status">
              <span class="phone-load-mark">
                <Icon name="miniprogram" size={32} />
              </span>
              <p>{say(status === "waiting" ? words.phoneWaiting : words.phoneLoading)}</p>
            </div>
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
