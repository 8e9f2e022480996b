import { useState } from "preact/hooks"
import { Announcer } from "./parts/announcer.tsx"
import { Faults } from "./parts/faults.tsx"
import { Glance } from "./parts/glance.tsx"
import { LinkNote } from "./parts/link-note.tsx"
import { Phone } from "./parts/phone.tsx"
import { type Section, SectionSwitch } from "./parts/section-switch.tsx"
import { Sequence } from "./parts/sequence.tsx"
import { Stepper } from "./parts/stepper.tsx"
import { TopBar } from "./parts/top-bar.tsx"
import { ServerClock } from "./server-clock.ts"
import { useFeed } from "./use-feed.ts"
import { useKept } from "./use-kept.ts"
import { usePaced } from "./use-paced.ts"

/** The whole page: the phone, the login, and what may go wrong. On a narrow screen one of them at a time. */
export function App() {
  const { link, state, messages: all, phone } = useFeed()
  const [section, setSection] = useState<Section>("phone")
  const [slow, setSlow] = useKept("slow-motion", true)
  const messages = usePaced(all, slow)
  return (
    <ServerClock.Provider value={state?.clockAhead ?? 0}>
      <div class="page" data-section={section}>
        <TopBar link={link} state={state} />
        {link === "lost" && <LinkNote />}
        <SectionSwitch
          section={section}
          choose={setSection}
          latest={all.at(-1)?.id ?? 0}
          armed={state?.armed.length ?? 0}
        />
        <Glance messages={messages} open={() => setSection("process")} />
        <main class="columns">
          <Phone version={phone} state={state} />
          <section class="process panel" aria-labelledby="process-title">
            <Stepper messages={messages} />
            <Sequence
              messages={messages}
              slow={slow}
              setSlow={setSlow}
              toPhone={() => setSection("phone")}
              toFaults={() => setSection("faults")}
            />
          </section>
          <Faults state={state} />
        </main>
        <Announcer messages={messages} />
      </div>
    </ServerClock.Provider>
  )
}
