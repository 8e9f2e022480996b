import { useEffect, useRef, useState } from "preact/hooks"
import type { ReceivedSms, State } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { useOnePhone } from "../use-one-phone.ts"
import { usePhone } from "../use-phone.ts"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"
import { People } from "./people.tsx"
import { PhoneNote } from "./phone-note.tsx"
import { SmsBanner } from "./sms-banner.tsx"

interface Props {
  /** Another number loads the phone anew. */
  readonly version: number
  /** What it opens then, as the stage takes it. */
  readonly launch: string | null
  /** What is beside the code that it has scanned. */
  readonly number: string | null
  readonly sms: ReceivedSms | null
  readonly state: State | null
}

/** A phone with the mini program in it, and the word that it is not WeChat. */
export function Phone({ version, launch, number, sms, state }: Props) {
  const say = useSay()
  // Whoever loads it anew by hand starts at the first page.
  const [reloads, setReloads] = useState({ count: 0, version: -1 })
  const { elsewhere, take } = useOnePhone()
  const section = useRef<HTMLElement>(null)
  // Where the devices stand below each other, the eye is on the computer.
  useEffect(() => {
    if (launch !== null) section.current?.scrollIntoView({ block: "nearest" })
  }, [version, launch])
  return (
    <section ref={section} class="phone panel" aria-label={say(words.phone)}>
      <People state={state} />
      {number !== null && (
        <p class="page-shows">
          {say(words.pageShows)} <b>{number}</b>
        </p>
      )}
      <div class="phone-frame">
        <div class="phone-screen">
          <SmsBanner sms={sms} place="phone" />
          {elsewhere ? (
            <PhoneNote text={words.phoneElsewhere}>
              <button type="button" class="primary" onClick={take}>
                {say(words.phoneTake)}
              </button>
            </PhoneNote>
          ) : (
            <Screen turn={version + reloads.count} launch={reloads.version === version ? null : launch} />
          )}
        </div>
      </div>
      <p class="phone-label">
        <span>{say(words.simulated)}</span>
        <button type="button" class="quiet" onClick={() => setReloads({ count: reloads.count + 1, version })}>
          <Icon name="reload" size={14} />
          {say(words.phoneReload)}
        </button>
      </p>
    </section>
  )
}

/** @param turn another number loads it anew */
function Screen({ turn, launch }: { readonly turn: number; readonly launch: string | null }) {
  const say = useSay()
  const [drawn, setDrawn] = useState(false)
  const status = usePhone(turn)
  useEffect(() => setDrawn(false), [turn])
  return (
    <>
      {status === "ready" && (
        <iframe
          key={turn}
          src={launch === null ? "./phone/" : `./phone/#${launch}`}
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
