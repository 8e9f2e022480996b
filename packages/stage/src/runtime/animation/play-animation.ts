import type { Part } from "../builtins/builtin.ts"
import { cssOfStep, type ExportedAnimation } from "./animation-steps.ts"

/** Plays what the property `animation` is set to, and tells of the end of each step. */
export function playAnimation(part: Part): void {
  const transforms = new Map<string, string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function play({ actions }: ExportedAnimation, at: number): void {
    const step = actions[at]
    if (step === undefined) return
    part.style(cssOfStep(step, transforms))
    const { duration, delay } = step.option.transition
    timer = setTimeout(() => {
      part.trigger("transitionend", {}, { bubbles: true })
      play({ actions }, at + 1)
    }, duration + delay)
  }

  part.watch(["animation"], () => {
    const animation = part.get<ExportedAnimation | null>("animation")
    if (!Array.isArray(animation?.actions)) return
    clearTimeout(timer)
    // A transition needs a beginning: what is there before it is drawn once.
    setTimeout(() => play(animation, 0))
  })
  part.onDetached(() => clearTimeout(timer))
}
