import { addGlobalErrorListener, addGlobalWarningListener } from "glass-easel"
import { createAppHolder, type LaunchOptions } from "./app.ts"
import { createAppEvents } from "./app-events.ts"
import { navigation } from "./builtins/navigation.ts"
import { openTypes } from "./builtins/open-types.ts"
import { pictures } from "./builtins/pictures.ts"
import { createChrome } from "./chrome/chrome.ts"
import { createCode } from "./code-space.ts"
import { createModules, type Require } from "./modules.ts"
import { createPageApis } from "./page-apis.ts"
import { createPageMaker } from "./page-maker.ts"
import { tellPage } from "./page-stack.ts"
import { parsePageUrl } from "./page-url.ts"
import type { Phone, PhoneOptions, WxObject } from "./phone.ts"
import { createRegistry } from "./registry.ts"
import { createRouter } from "./router.ts"
import { listenToScrolling } from "./scrolling.ts"
import { StageBackend } from "./stage-backend.ts"
import { watchCalls } from "./watch-calls.ts"

/** Starts a mini program in this document: runs app.js, then opens the first page. */
export function boot(options: PhoneOptions): Phone {
  const { program, wx: outer, openType, onError, onWarning, url } = options
  const app = createAppHolder()
  const report = (error: unknown) => {
    onError(error)
    const message = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error)
    events.tell("Error", { message })
    try {
      app.instance.onError?.(message)
    } catch (thrown) {
      onError(thrown)
    }
  }
  const events = createAppEvents(report)
  // Answering false keeps the library from writing it to the console as well.
  addGlobalErrorListener(error => {
    report(error)
    return false
  })
  addGlobalWarningListener(message => {
    onWarning?.(message)
    return false
  })
  openTypes.ask = openType
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
      const page = router.stack.at(-1)
      if (page !== undefined)
        tellPage(page, "onTabItemTap", report, {
          index,
          pagePath: path,
          text: program.app.tabBar?.list[index]?.text,
        })
    },
  })
  const require: Require = path => modules(path)
  const makePage = createPageMaker({ program, code, backend, registry, require, pages: chrome.pages })
  const router = createRouter({
    program,
    makePage,
    report,
    show(page) {
      for (const open of chrome.pages.children) (open as HTMLElement).hidden = open !== page.element
      backend.showStyleSheets(page.styleSheets)
      chrome.dress(page.window, { tab: page.path, canGoBack: router.stack.length > 1 })
    },
  })
  listenToScrolling(router, report)
  const own = { ...createPageApis(router, chrome, report), ...events.apis }
  const canIUse = (schema: string) =>
    Object.hasOwn(own, schema.split(".")[0] ?? "") ||
    Boolean((outer.canIUse as (schema: string) => boolean)?.(schema))
  const all = joined(outer, { ...own, canIUse })
  const wx = options.onCall === undefined ? all : watchCalls(all, options.onCall)
  navigation.go = (api, options) =>
    guarded(() => {
      const answer = (wx[api] as (options: object) => unknown)(options)
      if (answer instanceof Promise) answer.catch(({ errMsg }) => report(new Error(errMsg)))
    })
  const modules = createModules(program.modules, {
    ...registry.globals,
    ...app.globals,
    wx,
    getCurrentPages: () => router.stack.map(({ instance }) => instance),
    ...absent,
    global: {},
    // What DevTools has besides: some code asks for it.
    __wxConfig: { pages: program.app.pages, envVersion: "develop" },
    requirePlugin: (name: string) => {
      throw new Error(`not simulated: requirePlugin("${name}")`)
    },
    requireMiniProgram: () => {
      throw new Error("not simulated: requireMiniProgram")
    },
  })

  guarded(start)
  return { chrome, wx, page: () => router.stack.at(-1) }

  function start(): void {
    const entry = url ?? program.app.entryPage
    const { path, query } = parsePageUrl(`/${entry.replace(/^\//, "")}`, "")
    const launch: LaunchOptions = { path, query, scene: 1001, referrerInfo: {} }
    // A broken app.js is reported; pages may work without it, as they do in WeChat's tools.
    guarded(() => {
      if ("app.js" in program.modules) modules("app.js")
    })
    guarded(() => app.instance.onLaunch?.(launch))
    guarded(() => app.instance.onShow?.(launch))
    events.tell("AppShow", launch)
    router.reLaunch(`/${entry.replace(/^\//, "")}`)
  }

  function guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      report(error)
    }
  }
}

/** What a page has and a mini program has not: code that feels its way must not find it. */
const absent = Object.fromEntries(
  [
    "window",
    "document",
    "location",
    "navigator",
    "history",
    "localStorage",
    "sessionStorage",
    "XMLHttpRequest",
    "fetch",
    "WebSocket",
    "alert",
    "parent",
    "top",
  ].map(name => [name, undefined]),
)

/** One object out of two; what neither has is the outer one's to refuse. */
function joined(outer: WxObject, own: WxObject): WxObject {
  return new Proxy(own, {
    get: (target, name) =>
      Object.hasOwn(target, name) ? Reflect.get(target, name) : Reflect.get(outer, name),
    has: (target, name) => Object.hasOwn(target, name) || Reflect.has(outer, name),
  })
}
