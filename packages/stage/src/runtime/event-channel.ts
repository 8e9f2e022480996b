type Listener = (data?: unknown) => void

/** Between a page and the one that opened it. */
export interface EventChannel {
  emit(name: string, data?: unknown): void
  on(name: string, listener: Listener): void
  once(name: string, listener: Listener): void
  off(name: string, listener?: Listener): void
}

/** @param events the opener's listeners */
export function createEventChannel(
  events: Readonly<Record<string, Listener>>,
  report: (error: unknown) => void,
): EventChannel {
  const listeners = new Map<string, Set<Listener>>()
  const of = (name: string) => {
    const found = listeners.get(name) ?? new Set()
    listeners.set(name, found)
    return found
  }
  for (const [name, listener] of Object.entries(events)) of(name).add(listener)
  const channel: EventChannel = {
    emit(name, data) {
      for (const listener of [...of(name)]) {
        try {
          listener(data)
        } catch (error) {
          report(error)
        }
      }
    },
    on: (name, listener) => void of(name).add(listener),
    once(name, listener) {
      const first: Listener = data => {
        channel.off(name, first)
        listener(data)
      }
      of(name).add(first)
    },
    off: (name, listener) => (listener === undefined ? of(name).clear() : void of(name).delete(listener)),
  }
  return channel
}
