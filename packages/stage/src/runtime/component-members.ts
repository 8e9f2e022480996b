import { component } from "glass-easel-miniprogram-adapter"

/** What `this` has besides in every page and component. */
export function addComponentMembers(): void {
  const members: Record<string, unknown> = { renderer: "webview" }
  for (const name of notSimulated)
    members[name] = () => {
      throw new Error(`not simulated: this.${name}`)
    }
  Object.assign(component.ComponentCaller.prototype, members)
}

const notSimulated = [
  "animate",
  "clearAnimation",
  "applyAnimatedStyle",
  "clearAnimatedStyle",
  "setUpdatePerformanceListener",
]
