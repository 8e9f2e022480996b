import { builtin, type Part } from "./builtin.ts"
import { formField } from "./form.ts"
import { textControl, textProperties } from "./text-control.ts"

export const textarea = builtin("textarea", {
  properties: {
    ...textProperties,
    autoHeight: { type: Boolean },
    confirmType: { type: String, value: "return" },
  },
  children: false,
  setup(part) {
    const control = document.createElement("textarea")
    control.rows = 1
    textControl(part, control)
    part.watch(["confirmType"], () => {
      const type = part.get<string>("confirmType")
      control.enterKeyHint = type === "return" ? "enter" : type
    })
    control.addEventListener("keydown", event => {
      const confirms = part.get("confirmType") !== "return" || event.ctrlKey || event.metaKey
      if (event.key !== "Enter" || event.shiftKey || !confirms) return
      event.preventDefault()
      part.trigger("confirm", { value: control.value })
      if (!part.get("confirmHold")) control.blur()
    })
    watchLines(part, control)
  },
})

/** Says when there are more or fewer lines; with `auto-height` the field is as high as they are. */
function watchLines(part: Part, control: HTMLTextAreaElement): void {
  let known: number | undefined
  const measure = () => {
    if (!part.host.isConnected) return
    const automatic = Boolean(part.get("autoHeight"))
    part.host.toggleAttribute("auto-height", automatic)
    control.style.height = automatic ? "auto" : ""
    const { lineHeight: written, fontSize } = getComputedStyle(control)
    const lineHeight = Number.parseFloat(written) || (Number.parseFloat(fontSize) || 16) * 1.4
    const typed = control.value.split("\n").length
    const lineCount = automatic ? Math.max(typed, Math.round(control.scrollHeight / lineHeight)) : typed
    const height = Math.max(control.scrollHeight, lineCount * lineHeight)
    if (automatic) control.style.height = `${height}px`
    const detail = { height, heightRpx: (height * 750) / window.innerWidth, lineCount, lineHeight }
    // Not in the middle of the mini program's own setData.
    if (known !== undefined && known !== lineCount) queueMicrotask(() => part.trigger("linechange", detail))
    known = lineCount
  }
  part.onAttached(measure)
  part.watch(["value", "autoHeight"], measure)
  // What was typed may have been replaced by what the handler answered.
  control.addEventListener("input", measure)
}

formField("textarea", { read: part => part.get("value"), reset: part => part.set("value", "") })

export const textareaStyle = `
wx-textarea { display: block; position: relative; width: 300px; height: 150px; cursor: text; }
wx-textarea[auto-height] { height: auto !important; }
wx-textarea > textarea { display: block; box-sizing: border-box; width: 100%; height: 100%; padding: 0; border: 0; outline: 0; resize: none; background: none; color: inherit; font: inherit; line-height: 1.4; text-align: inherit; letter-spacing: inherit; }
wx-textarea[auto-height] > textarea { overflow: hidden; }
`
