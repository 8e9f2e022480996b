import type { RefObject } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"

/** How the web page stands: `account` is logged in. */
export type ShopView = "loading" | "shop" | "login" | "account"

/** What can be seen of the code on the web page. */
export interface SeenCode {
  /** A `data:` URL. */
  readonly image: string
  readonly number: string
}

export interface Shop {
  readonly frame: RefObject<HTMLIFrameElement | null>
  readonly view: ShopView
  /** What a camera sees; `undefined` while there is no code, or a covered one. */
  look(): SeenCode | undefined
}

/** The web page in the computer's frame. */
export function useShop(): Shop {
  const frame = useRef<HTMLIFrameElement>(null)
  const [view, setView] = useState<ShopView>("loading")
  useEffect(() => {
    const listen = ({ origin, source, data }: MessageEvent<{ readonly shop?: ShopView }>) => {
      if (origin !== location.origin || source !== frame.current?.contentWindow) return
      if (data.shop !== undefined) setView(data.shop)
    }
    window.addEventListener("message", listen)
    return () => window.removeEventListener("message", listen)
  }, [])
  return {
    frame,
    view,
    look() {
      const panel = frame.current?.contentDocument?.querySelector("denglu-login")?.shadowRoot
      const picture = panel?.querySelector<HTMLImageElement>('[part="code"]')
      const number = panel?.querySelector('[part="number"]')?.textContent ?? ""
      const isShown = picture?.src.startsWith("data:") === true && picture.closest("[data-off]") === null
      return isShown ? { image: picture.src, number } : undefined
    },
  }
}
