import { useState } from "preact/hooks"
import type { ControlName, State } from "../../protocol.ts"
import { type Fault, instantFaults, waitingFaults } from "../faults.ts"
import { useSay } from "../language.tsx"
import { sendControl } from "../send-control.ts"
import { words } from "../words.ts"
import { FaultButton } from "./fault-button.tsx"

/** What may go wrong, or happen elsewhere. */
export function Faults({ state }: { readonly state: State | null }) {
  const say = useSay()
  const [refusal, setRefusal] = useState<string | null>(null)
  async function press(control: ControlName): Promise<boolean> {
    const refused = await sendControl({ control }).then(
      () => null,
      (error: Error) => error.message,
    )
    setRefusal(refused)
    return refused === null
  }
  function faultButton(fault: Fault, waits: boolean) {
    const armed = state?.armed.includes(fault.control) ?? false
    return (
      <FaultButton
        key={fault.control}
        fault={fault}
        waits={waits}
        armed={armed}
        press={() => press(fault.control)}
      />
    )
  }
  return (
    <section class="faults-panel panel" aria-label={say(words.faults)}>
      <h2 class="panel-title">{say(words.nextFaults)}</h2>
      <div class="faults">{waitingFaults.map(fault => faultButton(fault, true))}</div>
      <h2 class="panel-title">{say(words.instantFaults)}</h2>
      <div class="faults">{instantFaults.map(fault => faultButton(fault, false))}</div>
      <p class="refusal" role="alert">
        {refusal !== null && `${say(words.refused)}${refusal}`}
      </p>
    </section>
  )
}
