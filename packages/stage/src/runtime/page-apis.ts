import { createAnimation } from "./animation/create-animation.ts"
import { answer, answerLater, type Callbacks } from "./callbacks.ts"
import type { Chrome } from "./chrome/chrome.ts"
import type { TabItem } from "./chrome/tab-bar.ts"
import { tellPage } from "./page-stack.ts"
import type { Router } from "./router.ts"

type Options = Callbacks & Record<string, unknown>
type Api = (options?: Options) => unknown

/** The part of `wx` that is about pages and bars. */
export function createPageApis(router: Router, chrome: Chrome, report: (error: unknown) => void) {
  const api =
    (name: string, work: (options: Options) => object | undefined): Api =>
    (options = {}) =>
      answer(name, options, () => work(options), report)
  // A page goes on with what it was doing, and is shown, before another one takes its place.
  const route =
    (name: string, work: (options: Options) => object | undefined): Api =>
    (options = {}) =>
      answerLater(name, options, () => work(options), report)
  const silent = (name: string, work: (options: Options) => void) => api(name, unanswered(work))
  const page = () => router.stack.at(-1)
  const bar = (name: string, work: (options: Options) => void) =>
    silent(name, options => {
      if (chrome.tabBar === undefined) throw new Error("not TabBar page")
      work(options)
    })

  return {
    navigateTo: route("navigateTo", ({ url, events }) => ({
      eventChannel: router.navigateTo(String(url), events as Record<string, (data: unknown) => void>),
    })),
    redirectTo: route(
      "redirectTo",
      unanswered(({ url }) => router.redirectTo(String(url))),
    ),
    reLaunch: route(
      "reLaunch",
      unanswered(({ url }) => router.reLaunch(String(url))),
    ),
    switchTab: route(
      "switchTab",
      unanswered(({ url }) => router.switchTab(String(url))),
    ),
    navigateBack: route(
      "navigateBack",
      unanswered(({ delta }) => router.navigateBack(delta as number | undefined)),
    ),

    setNavigationBarTitle: silent("setNavigationBarTitle", ({ title }) => {
      const open = page()
      if (open !== undefined) open.window = { ...open.window, navigationBarTitleText: String(title) }
      chrome.navBar.setTitle(String(title))
    }),
    setNavigationBarColor: silent("setNavigationBarColor", ({ frontColor, backgroundColor }) =>
      chrome.navBar.setColors({ front: String(frontColor), background: String(backgroundColor) }),
    ),
    // No page has one.
    hideHomeButton: silent("hideHomeButton", () => {}),
    showNavigationBarLoading: silent("showNavigationBarLoading", () => chrome.navBar.setLoading(true)),
    hideNavigationBarLoading: silent("hideNavigationBarLoading", () => chrome.navBar.setLoading(false)),
    setBackgroundColor: silent("setBackgroundColor", ({ backgroundColor }) =>
      document.body.style.setProperty("--stage-page-background", String(backgroundColor ?? "")),
    ),
    setBackgroundTextStyle: silent("setBackgroundTextStyle", () => {}),

    setTabBarItem: bar("setTabBarItem", ({ index, ...item }) =>
      chrome.tabBar?.setItem(Number(index), item as TabItem),
    ),
    setTabBarBadge: bar("setTabBarBadge", ({ index, text }) =>
      chrome.tabBar?.setBadge(Number(index), String(text)),
    ),
    removeTabBarBadge: bar("removeTabBarBadge", ({ index }) =>
      chrome.tabBar?.setBadge(Number(index), undefined),
    ),
    showTabBarRedDot: bar("showTabBarRedDot", ({ index }) => chrome.tabBar?.setBadge(Number(index), "")),
    hideTabBarRedDot: bar("hideTabBarRedDot", ({ index }) =>
      chrome.tabBar?.setBadge(Number(index), undefined),
    ),
    showTabBar: bar("showTabBar", () => chrome.tabBar?.setShown(true)),
    hideTabBar: bar("hideTabBar", () => chrome.tabBar?.setShown(false)),

    pageScrollTo: silent("pageScrollTo", ({ scrollTop, selector }) => {
      const element = page()?.element
      const target = typeof selector === "string" ? element?.querySelector<HTMLElement>(selector) : undefined
      if (element !== undefined) element.scrollTop = target?.offsetTop ?? Number(scrollTop ?? 0)
    }),
    startPullDownRefresh: silent("startPullDownRefresh", () => {
      const open = page()
      if (open !== undefined) tellPage(open, "onPullDownRefresh", report)
    }),
    stopPullDownRefresh: silent("stopPullDownRefresh", () => {}),

    createAnimation,
    createSelectorQuery: () => {
      const open = page()
      if (open !== undefined) return open.instance.createSelectorQuery()
      // Before the first page there is only the component that asks.
      return { in: (component: { createSelectorQuery(): unknown }) => component.createSelectorQuery() }
    },
    createIntersectionObserver: (
      component: { createIntersectionObserver(options?: object): unknown },
      options?: object,
    ) => component.createIntersectionObserver(options),
    nextTick: (callback: () => void) => void Promise.resolve().then(callback).catch(report),
  }
}

function unanswered(work: (options: Options) => void): (options: Options) => undefined {
  return options => {
    work(options)
    return undefined
  }
}
