import { refuseUnknown } from "@denglu/simulator/wx"
import { createAppHolder } from "./app.ts"
import { createAppLife } from "./app-life.ts"
import { navigation } from "./builtins/navigation.ts"
import { openTypes } from "./builtins/open-types.ts"
import { pictures } from "./builtins/pictures.ts"
import { createChrome } from "./chrome/chrome.ts"
import { createCode } from "./code-space.ts"
import { surroundings } from "./module-globals.ts"
import { createModules, type Require } from "./modules.ts"
import { createPageApis } from "./page-apis.ts"
import { createPageMaker } from "./page-maker.ts"
import { tellPage } from "./page-stack.ts"
import type { Phone, PhoneOptions, WxObject } from "./phone.ts"
import { createRegistry } from "./registry.ts"
import { createRouter } from "./router.ts"
import { listenToScrolling } from "./scrolling.ts"
import { StageBackend } from "./stage-backend.ts"
import { createThrown } from "./thrown.ts"
import { watchCalls } from "./watch-calls.ts"

/** Starts a mini program in this document: runs app.js, then opens the first page. */
export function boot(options: PhoneOptions): Phone {
  const { program, wx: outer, url = program.app.entryPage, scene = 1001 } = options
  const app = createAppHolder()
  const { report, events } = createThrown(app.instance, options)
  openTypes.ask = options.openType
  pictures.read = options.readFile

  const backend = new StageBackend()
  const code = createCode(program, backend, report)
  const registry = createRegistry(program, code.space)
  const chrome = createChrome({
    tabBar: program.app.tabBar,
    overlay: options.overlay,
    goBack: () => guarded(() => router.navigateBack()),
    switchTab: (path, index) => {
      guarded(() => router.switchTab(`/${path}`))
      const { text } = program.app.tabBar?.list[index] ?? {}
      const open = page()
      if (open !== undefined) tellPage(open, "onTabItemTap", report, { index, pagePath: path, text })
    },
  })
  const require: Require = path => modules(path)
  const makePage = createPageMaker({ program, code, backend, registry, require, pages: chrome.pages })
  const router = createRouter({
    program,
    makePage,
    report,
    show({ element, styleSheets, window, path }) {
      for (const other of chrome.pages.children) (other as HTMLElement).hidden = other !== element
      backend.showStyleSheets(styleSheets)
      chrome.dress(window, { tab: path, canGoBack: router.stack.length > 1 })
      options.onPage?.(router.stack.map(open => open.path))
    },
  })
  const page = () => router.stack.at(-1)
  listenToScrolling(router, report)

  const all = joined(outer, { ...createPageApis(router, chrome, report), ...events.apis })
  const wx = options.onCall === undefined ? all : watchCalls(all, options.onCall)
  navigation.go = (api, options) =>
    guarded(() => {
      const answer = (wx[api] as (options: object) => unknown)(options)
      if (answer instanceof Promise) answer.catch(({ errMsg }) => report(new Error(errMsg)))
    })
  const modules = createModules(program.modules, {
    ...surroundings(program),
    ...registry.globals,
    ...app.globals,
    wx,
    getCurrentPages: () => router.stack.map(({ instance }) => instance),
  })
  const runApp = () => void ("app.js" in program.modules && modules("app.js"))
  const { start, hide, show } = createAppLife(
    { program, app: app.instance, events, router, runApp, report },
    url.replace(/^\//, ""),
    scene,
  )
  start()
  return { chrome, wx, page, hide, show }

  function guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      report(error)
    }
  }
}

/** One object out of two; what neither has is refused. */
function joined(outer: WxObject, own: WxObject): WxObject {
  const canIUse = (schema: string) =>
    Object.hasOwn(own, String(schema).split(".")[0] ?? "") ||
    Boolean((outer.canIUse as (schema: string) => boolean)(schema))
  return refuseUnknown("wx", { ...outer, ...own, canIUse })
}
