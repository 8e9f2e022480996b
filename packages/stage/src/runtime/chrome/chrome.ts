import type { TabBarConfig, WindowConfig } from "../../program.ts"
import { builtinStyle } from "../builtins/builtins.ts"
import { chromeStyle } from "./chrome-style.ts"
import { element } from "./element.ts"
import { createNavBar, type NavBar } from "./nav-bar.ts"
import { overlayStyle } from "./overlay-style.ts"
import { createTabBar, type TabBar } from "./tab-bar.ts"

/** What WeChat draws around a page: the bar with its title, the tabs. */
export interface Chrome {
  readonly navBar: NavBar
  /** `undefined` where there are no tabs, or the mini program draws them. */
  readonly tabBar: TabBar | undefined
  /** Where pages go. */
  readonly pages: HTMLElement
  /** Dresses for a page. @param tab the path of the page, where its tab is to be lit */
  dress(window: WindowConfig, options: { readonly tab: string; readonly canGoBack: boolean }): void
}

interface Parts {
  readonly tabBar: TabBarConfig | null
  /** Where toasts and sheets go: above everything. */
  readonly overlay: HTMLElement
  readonly goBack: () => void
  readonly switchTab: (path: string, index: number) => void
}

export function createChrome({ tabBar: config, overlay, goBack, switchTab }: Parts): Chrome {
  const style = document.createElement("style")
  style.textContent = `${chromeStyle}${overlayStyle}${builtinStyle}`
  document.head.append(style)

  const navBar = createNavBar(goBack)
  const frame = element("main", "stage-frame")
  const pages = element("div", "stage-pages")
  const tabBar = config === null || config.custom ? undefined : createTabBar(config, switchTab)
  frame.append(pages)
  document.body.append(navBar.element, frame)
  if (tabBar !== undefined) document.body.append(tabBar.element)
  document.body.append(overlay)

  return {
    navBar,
    tabBar,
    pages,
    dress(window, { tab, canGoBack }) {
      const isTab = config?.list.some(({ pagePath }) => pagePath === tab) ?? false
      navBar.dress(window, canGoBack && !isTab)
      tabBar?.light(isTab ? tab : undefined)
      const { classList } = document.body
      classList.toggle("stage-custom-nav", window.navigationStyle === "custom")
      classList.toggle("stage-has-tabs", isTab && tabBar !== undefined)
      document.body.style.setProperty("--stage-page-background", window.backgroundColor ?? "")
    },
  }
}
