import { useEffect, useState } from "preact/hooks"
import { Announcer } from "./parts/announcer.tsx"
import { Computer } from "./parts/computer.tsx"
import { Faults } from "./parts/faults.tsx"
import { Glance } from "./parts/glance.tsx"
import { LinkNote } from "./parts/link-note.tsx"
import { Phone } from "./parts/phone.tsx"
import { type Section, SectionSwitch } from "./parts/section-switch.tsx"
import { Sequence } from "./parts/sequence.tsx"
import { type Side, SideSwitch } from "./parts/side-switch.tsx"
import { SmsBanner } from "./parts/sms-banner.tsx"
import { Stepper } from "./parts/stepper.tsx"
import { TopBar } from "./parts/top-bar.tsx"
import { ServerClock } from "./server-clock.ts"
import { useFeed } from "./use-feed.ts"
import { useKept } from "./use-kept.ts"
import { usePaced } from "./use-paced.ts"

/** The whole page: phone and computer, the login, and what may go wrong. On a narrow screen one of them at a time. */
export function App() {
  const { link, state, messages: all, phone, launch, sms } = useFeed()
  const [section, setSection] = useState<Section>("phone")
  const [faultsBeside, setFaultsBeside] = useKept("faults-beside", false)
  const side: Side = faultsBeside ? "faults" : "computer"
  const [number, setNumber] = useState<string | null>(null)
  const [slow, setSlow] = useKept("slow-motion", true)
  const messages = usePaced(all, slow)
  function choose(next: Section): void {
    setSection(next)
    if (next === "computer" || next === "faults") setFaultsBeside(next === "faults")
  }
  useEffect(() => {
    if (launch === null) setNumber(null)
  }, [phone, launch])
  return (
    <ServerClock.Provider value={state?.clockAhead ?? 0}>
      <div class="page" data-section={section} data-side={side}>
        <TopBar link={link} state={state} />
        {link === "lost" && <LinkNote />}
        <SectionSwitch
          section={section}
          choose={choose}
          latest={all.at(-1)?.id ?? 0}
          armed={state?.armed.length ?? 0}
        />
        <Glance messages={messages} open={() => setSection("process")} />
        <main class="columns">
          <Phone version={phone} launch={launch} number={number} sms={sms} state={state} />
          <section class="process panel" aria-labelledby="process-title">
            <Stepper messages={messages} />
            <Sequence
              messages={messages}
              slow={slow}
              setSlow={setSlow}
              toPhone={() => setSection("phone")}
              toFaults={() => choose("faults")}
            />
          </section>
          <div class="side">
            <SideSwitch side={side} choose={choose} armed={state?.armed.length ?? 0} />
            <Computer
              onPhone={shown => {
                setNumber(shown)
                setSection("phone")
              }}
            />
            <Faults state={state} />
          </div>
        </main>
        <SmsBanner sms={sms} place="page" />
        <Announcer messages={messages} />
      </div>
    </ServerClock.Provider>
  )
}
