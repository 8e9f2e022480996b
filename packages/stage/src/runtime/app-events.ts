/** The events of the whole app that `wx` lets a mini program listen to. */
export interface AppEvents {
  /** `onError`, `offError` and their like, to be joined into `wx`. */
  readonly apis: Readonly<Record<string, (listener?: (event: unknown) => void) => void>>
  tell(name: string, event: unknown): void
}

const names = [
  "AppShow",
  "AppHide",
  "Error",
  "UnhandledRejection",
  "PageNotFound",
  "LazyLoadError",
  "ThemeChange",
  "WindowResize",
  "AudioInterruptionBegin",
  "AudioInterruptionEnd",
  "MemoryWarning",
  "UserCaptureScreen",
  "KeyboardHeightChange",
  "MenuButtonBoundingClientRectWeightChange",
]

export function createAppEvents(report: (error: unknown) => void): AppEvents {
  const listeners = new Map(names.map(name => [name, new Set<(event: unknown) => void>()]))
  const apis: Record<string, (listener?: (event: unknown) => void) => void> = {}
  for (const [name, set] of listeners) {
    apis[`on${name}`] = listener => void (listener && set.add(listener))
    apis[`off${name}`] = listener => (listener === undefined ? set.clear() : void set.delete(listener))
  }
  return {
    apis,
    tell(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          listener(event)
        } catch (error) {
          if (name !== "Error") report(error)
        }
      }
    },
  }
}
