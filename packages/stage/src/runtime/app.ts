/** What a mini program hands to `App()`, and what `getApp()` answers. */
export type AppInstance = Record<string, unknown> & {
  onLaunch?(options: LaunchOptions): void
  onShow?(options: LaunchOptions): void
  onHide?(): void
  onError?(message: string): void
  onUnhandledRejection?(rejection: { reason: unknown; promise: Promise<unknown> }): void
  onPageNotFound?(options: { path: string; query: object; isEntryPage: boolean }): void
}

export interface LaunchOptions {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Where it was started from; 1001 is the list of mini programs. */
  readonly scene: number
  readonly referrerInfo: object
}

/** The one app. */
export interface AppHolder {
  readonly globals: {
    App(definition?: AppInstance): void
    getApp(options?: { allowDefault?: boolean }): AppInstance | undefined
  }
  readonly instance: AppInstance
}

export function createAppHolder(): AppHolder {
  // There before App() is called, for modules that ask with allowDefault.
  const instance: AppInstance = {}
  let isRegistered = false
  return {
    instance,
    globals: {
      App(definition = {}) {
        isRegistered = true
        Object.assign(instance, definition)
      },
      getApp: ({ allowDefault = false } = {}) => (isRegistered || allowDefault ? instance : undefined),
    },
  }
}
