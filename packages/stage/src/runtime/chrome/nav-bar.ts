import type { WindowConfig } from "../../program.ts"
import { element } from "./element.ts"

/** The bar with the title, and the capsule that every mini program has. */
export interface NavBar {
  readonly element: HTMLElement
  dress(window: WindowConfig, canGoBack: boolean): void
  setTitle(title: string): void
  setColors(colors: { readonly front: string; readonly background: string }): void
  setLoading(loading: boolean): void
}

export function createNavBar(goBack: () => void): NavBar {
  const bar = element("header", "stage-nav")
  const back = element("button", "stage-nav-back")
  const title = element("h1", "stage-nav-title")
  const capsule = element("div", "stage-capsule")
  back.setAttribute("aria-label", "返回")
  back.hidden = true
  capsule.setAttribute("aria-hidden", "true")
  capsule.append(element("i", "stage-capsule-more"), element("i", "stage-capsule-close"))
  back.addEventListener("click", goBack)
  bar.append(back, title, capsule)

  const setTitle = (text: string) => {
    title.textContent = text
    document.title = text
  }
  const setColors = ({ front, background }: { front: string; background: string }) => {
    bar.style.backgroundColor = background
    bar.classList.toggle("stage-nav-light", isWhite(front))
  }

  return {
    element: bar,
    setTitle,
    setColors,
    setLoading: loading => bar.classList.toggle("stage-nav-loading", loading),
    dress(window, canGoBack) {
      back.hidden = !canGoBack
      setTitle(window.navigationBarTitleText ?? "")
      setColors({
        front: window.navigationBarTextStyle ?? "black",
        background: themed(window.navigationBarBackgroundColor),
      })
    },
  }
}

function isWhite(color: string): boolean {
  return /^(white|#fff(fff)?)$/i.test(color)
}

/** A variable of theme.json, as `@navBackground`, is resolved by the compiler; what is left falls back to the style sheet. */
function themed(color: string | undefined): string {
  return color === undefined || color.startsWith("@") ? "" : color
}
