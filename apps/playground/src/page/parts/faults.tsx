import { useState } from "preact/hooks"
import type { ControlName, State, Text } from "../../protocol.ts"
import { type Fault, instantFaults, waitingFaults } from "../faults.ts"
import { useSay } from "../language.tsx"
import { sendControl } from "../send-control.ts"
import { words } from "../words.ts"
import { FaultButton } from "./fault-button.tsx"

/** What may go wrong, or happen elsewhere. */
export function Faults({ state }: { readonly state: State | null }) {
  const say = useSay()
  const [refusal, setRefusal] = useState<Text | null>(null)
  async function press(control: ControlName): Promise<boolean> {
    const refused = await sendControl({ control })
    setRefusal(refused)
    return refused === null
  }
  function faultButton(fault: Fault) {
    const { control } = fault
    const armed = state?.armed.includes(control) ?? false
    return <FaultButton key={control} fault={fault} armed={armed} press={() => press(control)} />
  }
  return (
    <section class="faults-panel panel" aria-label={say(words.faults)}>
      <h2 class="panel-title">{say(words.nextFaults)}</h2>
      <div class="faults">{waitingFaults.map(faultButton)}</div>
      <h2 class="panel-title">{say(words.instantFaults)}</h2>
      <div class="faults">{instantFaults.map(faultButton)}</div>
      <p class="refusal" role="alert">
        {refusal !== null && `${say(words.refused)}${say(refusal)}`}
      </p>
    </section>
  )
}
