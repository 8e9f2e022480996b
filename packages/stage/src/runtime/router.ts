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
  let pageCount = 0

  const top = () => stack.at(-1)
  const tell = (page: OpenPage | undefined, handler: Parameters<typeof tellPage>[1], argument?: unknown) => {
    if (page !== undefined) tellPage(page, handler, report, argument)
  }

  function locate(url: string): { path: string; query: Record<string, string> } {
    const { path, query } = parsePageUrl(url, top()?.path ?? "")
    if (!pages.includes(path)) throw new Error(`page "${path}" is not found`)
    return { path, query }
  }

  function make(path: string, query: Record<string, string>, channel?: EventChannel): OpenPage {
    const page = makePage(path, query)
    const own = channel ?? createEventChannel({}, report)
    pageCount += 1
    const id = String(pageCount)
    Object.assign(page.instance, { getOpenerEventChannel: () => own, getPageId: () => id })
    return page
  }

  function open(page: OpenPage): void {
    stack.push(page)
    if (tabs.has(page.path)) kept.set(page.path, page)
    show(page)
    page.attach()
    tell(page, "onLoad", page.query)
    tell(page, "onShow")
    queueMicrotask(() => tell(page, "onReady"))
  }

  function close(page: OpenPage): void {
    tell(page, "onUnload")
    page.release()
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
      const page = make(path, query, channel)
      tell(top(), "onHide")
      open(page)
      return channel
    },
    redirectTo(url) {
      const { path, query } = locate(url)
      if (tabs.has(path)) throw new Error("can not redirectTo a tabbar page")
      const page = make(path, query)
      const last = stack.pop()
      if (last !== undefined) close(last)
      open(page)
    },
    reLaunch(url) {
      const { path, query } = locate(url)
      const page = make(path, query)
      closeAllBut(new Set())
      for (const tab of [...kept.values()]) close(tab)
      open(page)
    },
    switchTab(url) {
      const { path } = locate(url)
      if (!tabs.has(path)) throw new Error("can not switch to no-tabBar page")
      const before = top()
      if (before?.path === path) return
      const known = kept.get(path)
      const page = known ?? make(path, {})
      if (before !== undefined && kept.get(before.path) === before) tell(before, "onHide")
      closeAllBut(new Set(kept.values()))
      if (known === undefined) open(page)
      else {
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
}
