import { builtin } from "./builtin.ts"
import { formField } from "./form.ts"
import { textControl, textProperties } from "./text-control.ts"

export const input = builtin("input", {
  properties: {
    ...textProperties,
    type: { type: String, value: "text" },
    password: { type: Boolean },
    confirmType: { type: String, value: "done" },
  },
  children: false,
  setup(part) {
    const control = document.createElement("input")
    textControl(part, control)
    part.watch(["type", "password"], () => {
      const type = part.get<string>("type")
      control.type = part.get("password") || type === "safe-password" ? "password" : "text"
      control.inputMode = modes[type] ?? "text"
    })
    control.addEventListener("keydown", event => {
      if (event.key === "Enter") part.trigger("confirm", { value: control.value })
    })
  },
})

/** What keyboard a type brings up. */
const modes: Readonly<Record<string, string>> = { number: "numeric", digit: "decimal", idcard: "text" }

formField("input", { read: part => part.get("value"), reset: part => part.set("value", "") })

export const inputStyle = `
wx-input { display: block; height: 1.4em; min-height: 1.4em; overflow: hidden; cursor: text; text-overflow: clip; }
wx-input[hidden] { display: none; }
wx-input > input { display: block; box-sizing: border-box; width: 100%; height: 100%; padding: 0; border: 0; outline: 0; background: none; color: inherit; font: inherit; text-align: inherit; letter-spacing: inherit; }
`
