import { type AnimationStep, animated, type ExportedAnimation } from "./animation-steps.ts"

interface AnimationOptions {
  /** Milliseconds. Default is 400. */
  readonly duration?: number
  readonly timingFunction?: string
  /** Milliseconds. Default is 0. */
  readonly delay?: number
  readonly transformOrigin?: string
}

/** `wx.createAnimation`: collects what is to be done, `step` by `step`, until it is exported. */
export interface Animation {
  step(options?: AnimationOptions): Animation
  /** The steps since the last export. */
  export(): ExportedAnimation
}

export function createAnimation(options: AnimationOptions = {}): Animation {
  let animates: { type: string; args: unknown[] }[] = []
  let actions: AnimationStep[] = []

  const animation: Animation & Record<string, unknown> = {
    step(own = {}) {
      const {
        duration = 400,
        timingFunction = "linear",
        delay = 0,
        transformOrigin = "50% 50% 0",
      } = { ...options, ...own }
      actions.push({ animates, option: { transformOrigin, transition: { duration, timingFunction, delay } } })
      animates = []
      return animation
    },
    export() {
      const exported = { actions }
      actions = []
      return exported
    },
  }
  for (const type of animated)
    animation[type] = (...args: unknown[]) => {
      animates.push({ type, args })
      return animation
    }
  return animation
}
