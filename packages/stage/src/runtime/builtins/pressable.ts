import type { Part } from "./builtin.ts"

const presses = new WeakMap<Part, () => void>()

/**
 * Makes the element a control for fingers, mice, keys and screen readers. Where the component has a property
 * `disabled`, nothing is pressed while it is set.
 */
export function pressable(part: Part, role: string, work: () => void): void {
  const { host, node } = part
  const disabled = () => Boolean(part.get("disabled"))
  const press = () => {
    if (!disabled()) work()
  }
  presses.set(part, press)
  host.setAttribute("role", role)
  part.watch(["disabled"], () => {
    host.toggleAttribute("disabled", disabled())
    if (disabled()) {
      host.removeAttribute("tabindex")
      host.setAttribute("aria-disabled", "true")
    } else {
      host.tabIndex = 0
      host.removeAttribute("aria-disabled")
    }
  })
  node.addListener("tap", press)
  host.addEventListener("keydown", event => {
    if (event.target !== host || (event.key !== "Enter" && event.key !== " ")) return
    event.preventDefault()
    // Listeners on the way up hear it as they hear a finger.
    node.triggerEvent("tap", { x: 0, y: 0 }, { bubbles: true, composed: true, capturePhase: true })
  })
}

/** Presses it for somebody else: a label. Answers whether it can be pressed at all. */
export function press(part: Part): boolean {
  const work = presses.get(part)
  work?.()
  return work !== undefined
}
