import { LoginPanel } from "./login-panel.ts"

export { LoginPanel, type PanelEvents } from "./login-panel.ts"

// A page may load the module twice, and a name is given once.
if (globalThis.customElements?.get("denglu-login") === undefined)
  globalThis.customElements?.define("denglu-login", LoginPanel)

declare global {
  interface HTMLElementTagNameMap {
    "denglu-login": LoginPanel
  }
  interface HTMLElementEventMap {
    "denglu-login": CustomEvent
    "denglu-error": CustomEvent
  }
}
