import type { Program } from "../program.ts"
import { createEventChannel, type EventChannel } from "./event-channel.ts"
import type { MakePage } from "./page-maker.ts"
import { type OpenPage, tellPage } from "./page-stack.ts"
import { parsePageUrl } from "./page-url.ts"

/** Opens and closes pages, as `wx.navigateTo` and its like do. Each rejects with an Error whose message follows `NAME:fail `. */
export interface Router {
  /** The open pages, the visible one last. */
  readonly stack: readonly OpenPage[]
  navigateTo(url: string, events?: Readonly<Record<string, (data: unknown) => void>>): EventChannel
  redirectTo(url: string): void
  reLaunch(url: string): void
  switchTab(url: string): void
  navigateBack(delta?: number): void
}

interface Parts {
  readonly program: Program
  readonly makePage: MakePage
  /** Is told which page is visible now. */
  readonly show: (page: OpenPage) => void
  readonly report: (error: unknown) => void
}

/** WeChat's own limit. */
const deepest = 10

export function createRouter({ program, makePage, show, report }: Parts): Router {
  const { tabBar, pages } = program.app
  const tabs = new Set(tabBar?.list.map(({ pagePath }) => pagePath))
  /** Tab pages stay, once opened, until reLaunch. */
  const kept = new Map<string, OpenPage>()
  const stack: OpenPage[] = []

  const top = () => stack.at(-1)
  const tell = (page: OpenPage | undefined, handler: Parameters<typeof tellPage>[1], argument?: unknown) => {
    if (page !== undefined) tellPage(page, handler, report, argument)
  }

  function locate(url: string): { path: string; query: Record<string, string> } {
    const { path, query } = parsePageUrl(url, top()?.path ?? "")
    if (!pages.includes(path)) throw new Error(`page "${path}" is not found`)
    return { path, query }
  }

  function open(path: string, query: Record<string, string>, channel?: EventChannel): void {
    const page = makePage(path, query)
    Object.assign(page.instance, { getOpenerEventChannel: () => channel ?? createEventChannel({}, report) })
    stack.push(page)
    show(page)
    tell(page, "onLoad", query)
    // onLoad may have gone somewhere else already.
    if (top() !== page) return
    tell(page, "onShow")
    queueMicrotask(() => tell(page, "onReady"))
  }

  function close(page: OpenPage): void {
    tell(page, "onUnload")
    page.root.release()
    page.element.remove()
    if (kept.get(page.path) === page) kept.delete(page.path)
  }

  function closeAllBut(spared: ReadonlySet<OpenPage>): void {
    for (const page of stack.splice(0).reverse()) if (!spared.has(page)) close(page)
  }

  function reveal(page: OpenPage): void {
    show(page)
    tell(page, "onShow")
  }

  return {
    stack,
    navigateTo(url, events = {}) {
      const { path, query } = locate(url)
      if (tabs.has(path)) throw new Error("can not navigateTo a tabbar page")
      if (stack.length >= deepest) throw new Error(`webview count limit exceed: ${deepest} pages are open`)
      const channel = createEventChannel(events, report)
      tell(top(), "onHide")
      open(path, query, channel)
      return channel
    },
    redirectTo(url) {
      const { path, query } = locate(url)
      if (tabs.has(path)) throw new Error("can not redirectTo a tabbar page")
      const last = stack.pop()
      if (last !== undefined) close(last)
      open(path, query)
    },
    reLaunch(url) {
      const { path, query } = locate(url)
      closeAllBut(new Set())
      for (const page of [...kept.values()]) close(page)
      open(path, query)
      keepIfTab()
    },
    switchTab(url) {
      const { path } = locate(url)
      if (!tabs.has(path)) throw new Error("can not switch to no-tabBar page")
      const before = top()
      if (before?.path === path) return
      if (before !== undefined && kept.get(before.path) === before) tell(before, "onHide")
      closeAllBut(new Set(kept.values()))
      const page = kept.get(path)
      if (page === undefined) {
        open(path, {})
        keepIfTab()
      } else {
        stack.push(page)
        reveal(page)
      }
    },
    navigateBack(delta = 1) {
      if (stack.length < 2) throw new Error("cannot navigate back at first page.")
      const closing = stack.splice(Math.max(1, stack.length - Math.max(1, delta)))
      for (const page of closing.reverse()) close(page)
      reveal(stack.at(-1) as OpenPage)
    },
  }

  function keepIfTab(): void {
    const page = top()
    if (page !== undefined && tabs.has(page.path)) kept.set(page.path, page)
  }
}
