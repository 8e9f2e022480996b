import { guarded, type ReportThrown } from "./callbacks.ts"

/** What a page listens with, by `onX` and `offX`. */
export interface Listeners<Value> {
  readonly on: (listener: (value: Value) => void) => void
  /** Without a listener all of them go. */
  readonly off: (listener?: (value: Value) => void) => void
  readonly tell: (value: Value) => void
}

export function createListeners<Value>(report: ReportThrown): Listeners<Value> {
  const all = new Set<(value: Value) => void>()
  return {
    on: listener => void all.add(listener),
    off: listener => (listener === undefined ? all.clear() : void all.delete(listener)),
    tell(value) {
      for (const listener of [...all]) guarded(listener, value, report)
    },
  }
}
