import { type OpenPage, tellPage } from "./page-stack.ts"
import type { Router } from "./router.ts"

/** Where WeChat counts the bottom as reached, in px above it, unless the page says otherwise. */
const bottomDistance = 50

/** Tells pages of `onPageScroll` and `onReachBottom`. */
export function listenToScrolling(router: Router, report: (error: unknown) => void): void {
  const atBottom = new WeakSet<OpenPage>()
  document.addEventListener(
    "scroll",
    event => {
      const page = router.stack.at(-1)
      if (page === undefined || event.target !== page.element) return
      const { scrollTop, scrollHeight, clientHeight } = page.element
      tellPage(page, "onPageScroll", report, { scrollTop })
      const left = scrollHeight - clientHeight - scrollTop
      if (left > (page.window.onReachBottomDistance ?? bottomDistance)) atBottom.delete(page)
      else if (!atBottom.has(page)) {
        atBottom.add(page)
        tellPage(page, "onReachBottom", report)
      }
    },
    { capture: true, passive: true },
  )
}
