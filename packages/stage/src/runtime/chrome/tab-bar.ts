import type { TabBarConfig } from "../../program.ts"
import { element } from "./element.ts"

export interface TabItem {
  readonly text?: string
  readonly iconPath?: string
  readonly selectedIconPath?: string
}

/** The tabs at the bottom. */
export interface TabBar {
  readonly element: HTMLElement
  /** Lights the tab of a page; without one the bar is not there. */
  light(path: string | undefined): void
  setItem(index: number, item: TabItem): void
  /** @param text `""` for a red dot, `undefined` for none */
  setBadge(index: number, text: string | undefined): void
  setShown(shown: boolean): void
}

export function createTabBar(config: TabBarConfig, switchTab: (path: string, index: number) => void): TabBar {
  const bar = element("nav", "stage-tabs")
  bar.style.backgroundColor = config.backgroundColor
  bar.classList.toggle("stage-tabs-light", config.borderStyle === "white")
  const items = config.list.map(item => ({ ...item }))
  const tabs = items.map(({ pagePath }, index) => {
    const button = element("button", "stage-tab")
    const icon = element("img", "stage-tab-icon") as HTMLImageElement
    icon.alt = ""
    const text = element("span", "stage-tab-text")
    const badge = element("b", "stage-tab-badge")
    badge.hidden = true
    button.append(icon, text, badge)
    button.addEventListener("click", () => switchTab(pagePath, index))
    bar.append(button)
    return { button, icon, text, badge }
  })
  let lit: string | undefined

  function draw(): void {
    for (const [index, { pagePath, text, iconPath, selectedIconPath }] of items.entries()) {
      const tab = tabs[index]
      if (tab === undefined) continue
      const selected = pagePath === lit
      const icon = (selected && selectedIconPath) || iconPath
      tab.text.textContent = text
      tab.button.style.color = selected ? config.selectedColor : config.color
      tab.button.setAttribute("aria-current", selected ? "page" : "false")
      tab.icon.hidden = !icon
      if (icon) tab.icon.src = fileUrl(icon)
    }
  }

  return {
    element: bar,
    light(path) {
      lit = path
      bar.hidden = path === undefined
      draw()
    },
    setItem(index, item) {
      Object.assign(items[index] ?? {}, item)
      draw()
    },
    setBadge(index, text) {
      const badge = tabs[index]?.badge
      if (badge === undefined) return
      badge.hidden = text === undefined
      badge.textContent = text ?? ""
    },
    setShown(shown) {
      bar.classList.toggle("stage-tabs-hidden", !shown)
    },
  }
}

/** Where a file of the mini program is served; relative, so that the phone may be mounted anywhere. */
function fileUrl(path: string): string {
  return /^(https?:|data:|blob:)/.test(path) ? path : `file/${path.replace(/^\//, "")}`
}
