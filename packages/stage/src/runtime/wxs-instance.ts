import type { GeneralComponent, Element as TreeElement } from "glass-easel"

/** What a function of WXS is given of a component or an element, to move it without the page's script. */
export interface WxsInstance {
  selectComponent(selector: string): WxsInstance | null
  selectAllComponents(selector: string): WxsInstance[]
  setStyle(style: string | Readonly<Record<string, string | number>>): WxsInstance
  addClass(name: string): WxsInstance
  removeClass(name: string): WxsInstance
  hasClass(name: string): boolean
  getDataset(): object
  /** Calls a method of the component or page that the WXS belongs to. */
  callMethod(name: string, argument?: unknown): void
  triggerEvent(name: string, detail?: unknown): void
  /** An object of its own, in which WXS keeps what it likes. */
  getState(): Record<string, unknown>
  getComputedStyle(names: readonly string[]): Record<string, string>
  getBoundingClientRect(): DOMRect
  requestAnimationFrame(callback: () => void): void
  setTimeout(callback: () => void, ms?: number): number
  clearTimeout(timer: number): void
}

/** The library's places for styles and classes that count more than the template's. */
const above = 2

const known = new WeakMap<TreeElement, WxsInstance>()

/** The same object for the same node, so that its state stays. */
export function wxsInstance(node: TreeElement): WxsInstance {
  const made = known.get(node) ?? make(node)
  known.set(node, made)
  return made
}

function make(node: TreeElement): WxsInstance {
  const state = {}
  const styles = {}
  const element = node.$$ as unknown as HTMLElement
  const component = node as GeneralComponent
  const tree = () => component.getShadowRoot?.() ?? component
  const instance: WxsInstance = {
    selectComponent(selector) {
      const found = tree().querySelector(selector)
      return found && wxsInstance(found)
    },
    selectAllComponents: selector => tree().querySelectorAll(selector).map(wxsInstance),
    setStyle(style) {
      if (typeof style === "string") node.setNodeStyle(style, above)
      else node.setNodeStyle(cssOf(Object.assign(styles, style)), above)
      return instance
    },
    addClass(name) {
      node.toggleNodeClass(name, true, above)
      return instance
    },
    removeClass(name) {
      node.toggleNodeClass(name, false, above)
      return instance
    },
    hasClass: name => element.classList.contains(name) || (node.classList?.contains(name) ?? false),
    getDataset: () => node.dataset,
    callMethod(name, argument) {
      const caller = component.getMethodCaller() as Record<string, (argument: unknown) => void>
      caller[name]?.(argument)
    },
    triggerEvent: (name, detail) => node.triggerEvent(name, detail),
    getState: () => state,
    getComputedStyle(names) {
      const style = getComputedStyle(element)
      return Object.fromEntries(names.map(name => [name, style.getPropertyValue(dashed(name))]))
    },
    getBoundingClientRect: () => element.getBoundingClientRect(),
    requestAnimationFrame: callback => void requestAnimationFrame(() => callback()),
    setTimeout: (callback, ms) => window.setTimeout(callback, ms),
    clearTimeout: timer => window.clearTimeout(timer),
  }
  return instance
}

function cssOf(style: Readonly<Record<string, string | number>>): string {
  return Object.entries(style)
    .map(([name, value]) => `${dashed(name)}: ${value}`)
    .join("; ")
}

/** `marginTop` as CSS has it. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
