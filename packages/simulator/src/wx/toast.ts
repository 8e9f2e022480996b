import type { ToastView, WxHost } from "./host.ts"
import type { Timers } from "./timers.ts"

/** The one place over the page where toasts and loading signs are shown. */
export interface Toast {
  /** Takes the place of the one before. `durationMs` of `null` is until it is hidden. */
  readonly show: (view: ToastView, durationMs: number | null) => void
  /** Hides it; with a kind given only one of that kind. */
  readonly hide: (kind?: ToastView["kind"]) => void
  /** What is to be seen now. */
  readonly shown: () => ToastView | null
}

export function createToast(host: Required<WxHost>, timers: Timers): Toast {
  let shown: ToastView | null = null
  let timer: unknown

  function put(view: ToastView | null): void {
    timers.clearTimeout(timer)
    timer = undefined
    shown = view
    host.toast(view)
  }

  return {
    show(view, durationMs) {
      put(view)
      if (durationMs !== null) timer = timers.setTimeout(() => put(null), durationMs)
    },
    hide(kind) {
      if (shown !== null && (kind === undefined || kind === shown.kind)) put(null)
    },
    shown: () => shown,
  }
}
