import type { ControlName } from "../protocol.ts"

/** The controls that are switched on and wait for what they spoil. */
export interface Arms {
  /** Switches it on, or off again. */
  toggle(control: ControlName): void
  /** Whether it is switched on; it is used up by that. */
  take(control: ControlName): boolean
  list(): readonly ControlName[]
}

export function createArms(onChange: () => void): Arms {
  const armed = new Set<ControlName>()
  return {
    toggle(control) {
      if (!armed.delete(control)) armed.add(control)
      onChange()
    },
    take(control) {
      const wasArmed = armed.delete(control)
      if (wasArmed) onChange()
      return wasArmed
    },
    list: () => [...armed],
  }
}
