import { builtin, enclosed, enclosing, type Part } from "./builtin.ts"
import { formField } from "./form.ts"
import { markColors, markProperties } from "./mark-properties.ts"
import { pressable } from "./pressable.ts"

export const checkbox = builtin("checkbox", {
  properties: markProperties,
  setup(part) {
    const { host } = part
    const mark = document.createElement("i")
    mark.className = "stage-check"
    host.append(mark)
    pressable(part, "checkbox", () => {
      part.set("checked", !part.get("checked"))
      const group = enclosing(part, "checkbox-group")
      group?.trigger("change", { value: checkedValues(group) })
    })
    part.watch(["checked"], () => {
      host.setAttribute("aria-checked", String(Boolean(part.get("checked"))))
    })
    part.watch(markColors, () => {
      const checked = part.get<boolean>("checked")
      mark.style.color = part.get<string>("iconColor") || part.get("color")
      mark.style.backgroundColor = part.get(checked ? "activeBackgroundColor" : "backgroundColor")
      mark.style.borderColor = part.get(checked ? "activeBorderColor" : "borderColor")
    })
  },
})

export const checkboxGroup = builtin("checkbox-group", {
  properties: { name: { type: String } },
  setup(part) {
    part.host.setAttribute("role", "group")
    part.onAttached(() => void checkedValues(part))
  },
})

const orders = new WeakMap<Part, readonly Part[]>()

/** The values of the boxes that are checked, in the order in which they were. */
function checkedValues(group: Part): string[] {
  const checked = enclosed(group, ["checkbox"]).filter(box => box.get("checked"))
  const before = (orders.get(group) ?? []).filter(box => checked.includes(box))
  const order = [...before, ...checked.filter(box => !before.includes(box))]
  orders.set(group, order)
  return order.map(box => box.get("value"))
}

formField("checkbox-group", {
  read: checkedValues,
  reset(group) {
    for (const box of enclosed(group, ["checkbox"])) box.set("checked", false)
    orders.delete(group)
  },
})

export const checkboxStyle = `
wx-checkbox { display: inline-block; cursor: pointer; }
wx-checkbox[disabled] { opacity: .5; cursor: default; }
wx-checkbox-group { display: block; }
.stage-check { display: inline-block; box-sizing: border-box; width: 23px; height: 23px; margin-right: 5px; vertical-align: middle; border: 1px solid #c8c8c8; border-radius: 3px; background: var(--paper); color: #07c160; }
[aria-checked=true] > .stage-check::after { content: ""; display: block; box-sizing: border-box; width: 8px; height: 14px; margin: 1px auto 0; border: solid; border-width: 0 2px 2px 0; transform: rotate(45deg); }
`
