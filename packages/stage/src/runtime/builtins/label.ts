import { builtin, enclosed, type Part, partOf } from "./builtin.ts"
import { press } from "./pressable.ts"

export const label = builtin("label", {
  properties: { for: { type: String } },
  setup(part) {
    part.node.addListener("tap", event => {
      const touched = elementOf(event.target)?.closest(controls)
      // A control that was tapped itself knows already.
      if (touched && part.host.contains(touched)) return
      const control = controlOf(part)
      if (control === undefined || control.get("disabled") || press(control)) return
      if (control.host.localName === "wx-button") control.node.triggerEvent("tap", event.detail as object)
      else control.host.querySelector<HTMLElement>("input, textarea")?.focus()
    })
  },
})

/** What a label can speak for. */
const names = ["button", "checkbox", "radio", "switch", "input", "textarea"]
const controls = names.map(name => `wx-${name}`).join(",")

function controlOf(part: Part): Part | undefined {
  const id = part.get<string>("for")
  if (id === "") return enclosed(part, names)[0]
  const target = [...(part.host.closest(".wx-page")?.querySelectorAll("[id]") ?? [])].find(
    element => element.id === id,
  )
  return target && partOf(target)
}

/** What the library hands to a listener stands for an element of the page. */
function elementOf(target: unknown): Element | undefined {
  const { $$, _$ } = target as { readonly $$?: Element; readonly _$?: { readonly $$?: Element } }
  return $$ ?? _$?.$$
}

export const labelStyle = "wx-label { cursor: pointer; }"
