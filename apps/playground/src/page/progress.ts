import type { Message } from "../protocol.ts"
import type { StepNumber } from "./steps.ts"

export type StepState = "done" | "now" | "failed"

/** How far the login came that was begun last: every `wx.login()` begins one. A step that is missing has not happened. */
export function progress(messages: readonly Message[]): ReadonlyMap<StepNumber, StepState> {
  const reached = new Map<StepNumber, StepState>()
  let latest: StepNumber | null = null
  for (const { step, kind, ok } of messages) {
    if (step === null) continue
    if (step === 1 && kind === "request") reached.clear()
    reached.set(step, kind === "lost" || ok === false ? "failed" : "done")
    latest = step
  }
  if (latest !== null && reached.get(latest) === "done") reached.set(latest, "now")
  return reached
}
