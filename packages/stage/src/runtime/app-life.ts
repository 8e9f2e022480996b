import type { Program } from "../program.ts"
import type { AppInstance, LaunchOptions } from "./app.ts"
import type { AppEvents } from "./app-events.ts"
import { tellPage } from "./page-stack.ts"
import { parsePageUrl } from "./page-url.ts"
import type { Router } from "./router.ts"

/** A mini program from its start on, while it is in front and while it is not. */
export interface AppLife {
  /** Runs app.js, then opens the first page. */
  start(): void
  /** The person goes to another app. */
  hide(): void
  /** The person comes back. */
  show(): void
}

interface Parts {
  readonly program: Program
  readonly app: AppInstance
  readonly events: AppEvents
  readonly router: Router
  /** Runs app.js, if there is one. */
  readonly runApp: () => void
  readonly report: (error: unknown) => void
}

/**
 * @param url of the first page, as `pages/index/index?id=1`
 * @param scene WeChat's number for how it was opened
 */
export function createAppLife(
  { program, app, events, router, runApp, report }: Parts,
  url: string,
  scene: number,
): AppLife {
  const launch: LaunchOptions = { ...parsePageUrl(`/${url}`, ""), scene, referrerInfo: {} }
  let isShown = true

  function guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      report(error)
    }
  }

  function enter(): void {
    guarded(() => app.onShow?.(launch))
    events.tell("AppShow", launch)
  }

  function tellTop(handler: "onShow" | "onHide"): void {
    const page = router.stack.at(-1)
    if (page !== undefined) tellPage(page, handler, report)
  }

  /** The mini program may open another page in its place. */
  function pageNotFound(): void {
    const asked = { path: launch.path, query: launch.query, isEntryPage: true }
    guarded(() => app.onPageNotFound?.(asked))
    events.tell("PageNotFound", asked)
    setTimeout(() => {
      if (router.stack.length === 0) guarded(() => router.reLaunch(`/${url}`))
    })
  }

  return {
    start() {
      // A broken app.js is reported; pages may work without it, as they do in WeChat's tools.
      guarded(runApp)
      guarded(() => app.onLaunch?.(launch))
      enter()
      if (program.app.pages.includes(launch.path)) guarded(() => router.reLaunch(`/${url}`))
      else pageNotFound()
    },
    hide() {
      if (!isShown) return
      isShown = false
      tellTop("onHide")
      guarded(() => app.onHide?.())
      events.tell("AppHide", {})
    },
    show() {
      if (isShown) return
      isShown = true
      enter()
      tellTop("onShow")
    },
  }
}
