import type { component } from "glass-easel-miniprogram-adapter"
import type { WindowConfig } from "../program.ts"

/** A page that is open. */
export interface OpenPage {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** What `this` is in its handlers. */
  readonly instance: PageInstance
  /** What is scrolled. */
  readonly element: HTMLElement
  readonly styleSheets: ReadonlySet<string>
  /** Puts its elements into the document: components' `attached`. */
  attach(): void
  /** Takes them out: components' `detached`. */
  release(): void
  /** Its title and colours, which it may change. */
  window: WindowConfig
}

/** A page as its own code sees it; every handler may be missing. */
export type PageInstance = component.GeneralComponent & {
  route: string
  options: Readonly<Record<string, string>>
} & Record<PageHandler, ((argument?: unknown) => unknown) | undefined>

export type PageHandler =
  | "onLoad"
  | "onShow"
  | "onReady"
  | "onHide"
  | "onUnload"
  | "onPullDownRefresh"
  | "onReachBottom"
  | "onPageScroll"
  | "onTabItemTap"
  | "onShareAppMessage"

/** Calls a handler, if there is one, and components' `pageLifetimes`; what it throws is reported and goes no further. */
export function tellPage(
  { instance }: OpenPage,
  handler: PageHandler,
  report: (error: unknown) => void,
  argument?: unknown,
): unknown {
  try {
    const answer = instance[handler]?.(argument)
    // An async handler throws later.
    if (answer instanceof Promise) answer.catch(report)
    return answer
  } catch (error) {
    report(error)
    return undefined
  } finally {
    const lifetime = handler === "onShow" ? "show" : handler === "onHide" ? "hide" : undefined
    if (lifetime !== undefined) instance._$.triggerPageLifetime(lifetime, [])
  }
}
