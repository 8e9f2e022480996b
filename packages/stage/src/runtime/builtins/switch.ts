import { builtin } from "./builtin.ts"
import { formField } from "./form.ts"
import { pressable } from "./pressable.ts"

/** `switch`, which is a word of JavaScript's own. */
export const switchControl = builtin("switch", {
  properties: {
    name: { type: String },
    checked: { type: Boolean },
    disabled: { type: Boolean },
    type: { type: String, value: "switch" },
    color: { type: String },
  },
  children: false,
  setup(part) {
    const { host } = part
    const mark = document.createElement("i")
    host.append(mark)
    pressable(part, "switch", () => {
      const value = !part.get("checked")
      part.set("checked", value)
      part.trigger("change", { value })
    })
    part.watch(["checked", "color", "type"], () => {
      const checked = Boolean(part.get("checked"))
      const asBox = part.get("type") === "checkbox"
      const color = part.get<string>("color")
      host.setAttribute("role", asBox ? "checkbox" : "switch")
      host.setAttribute("aria-checked", String(checked))
      mark.className = asBox ? "stage-check" : "stage-switch"
      mark.style.color = asBox ? color : ""
      mark.style.backgroundColor = mark.style.borderColor = checked && !asBox ? color : ""
    })
  },
})

formField("switch", {
  read: part => Boolean(part.get("checked")),
  reset: part => part.set("checked", false),
})

export const switchStyle = `
wx-switch { display: inline-block; vertical-align: middle; cursor: pointer; }
wx-switch[disabled] { opacity: .5; cursor: default; }
.stage-switch { display: block; position: relative; box-sizing: border-box; width: 52px; height: 32px; margin-right: 5px; border: 1px solid #c8c8c8; border-radius: 16px; background: var(--hair); transition: background-color .2s; }
.stage-switch::after { content: ""; position: absolute; top: 0; left: 0; width: 30px; height: 30px; border-radius: 15px; background: #fff; box-shadow: 0 1px 3px rgba(0, 0, 0, .4); transition: transform .2s; }
[aria-checked=true] > .stage-switch { border-color: #07c160; background: #07c160; }
[aria-checked=true] > .stage-switch::after { transform: translateX(20px); }
`
