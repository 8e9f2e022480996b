import type { Part, Property } from "./builtin.ts"

/** What `input` and `textarea` have in common. */
export const textProperties: Readonly<Record<string, Property>> = {
  name: { type: String },
  value: { type: String },
  placeholder: { type: String },
  placeholderStyle: { type: String },
  placeholderClass: { type: String },
  disabled: { type: Boolean },
  maxlength: { type: Number, value: 140 },
  focus: { type: Boolean },
  autoFocus: { type: Boolean },
  cursor: { type: Number, value: -1 },
  confirmHold: { type: Boolean },
}

/** Puts a real text field into the component. */
export function textControl(part: Part, control: HTMLInputElement | HTMLTextAreaElement): void {
  part.host.append(control)
  part.watch(["value"], () => {
    const value = part.get<string>("value")
    if (control.value !== value) control.value = value
  })
  part.watch(["placeholder"], () => {
    control.placeholder = part.get("placeholder")
  })
  part.watch(["ariaLabel", "placeholder"], () => {
    control.setAttribute("aria-label", part.get<string>("ariaLabel") || part.get<string>("placeholder"))
  })
  part.watch(["disabled"], () => {
    control.disabled = part.get("disabled")
  })
  part.watch(["maxlength"], () => {
    const most = part.get<number>("maxlength")
    if (most >= 0) control.maxLength = most
    else control.removeAttribute("maxlength")
  })
  const takeFocus = () => {
    if (part.get("focus") || part.get("autoFocus")) control.focus()
    else if (document.activeElement === control) control.blur()
  }
  part.onAttached(takeFocus)
  part.watch(["focus"], () => part.host.isConnected && takeFocus())

  let reported = ""
  control.addEventListener("input", () => {
    const { value, selectionStart: cursor } = control
    part.set("value", value)
    part.node.triggerEvent(
      "input",
      { value, cursor, keyCode: 0 },
      // What the handler returns takes the place of what was typed.
      { handleListenerReturn: answer => replace(answer) },
    )
  })
  control.addEventListener("focus", () => {
    reported = control.value
    part.trigger("focus", { value: control.value, height: 0 })
  })
  control.addEventListener("blur", () => {
    const { value } = control
    if (value !== reported) part.trigger("change", { value })
    part.trigger("blur", { value, cursor: control.selectionStart })
  })
  // Typing is the control's; only its host speaks with the mini program.
  for (const type of ["input", "change", "focus", "blur"])
    control.addEventListener(type, event => event.stopPropagation())

  function replace(answer: unknown): undefined {
    const value =
      typeof answer === "string" ? answer : (answer as { value?: unknown } | null | undefined)?.value
    if (typeof value !== "string" || value === control.value) return
    control.value = value
    part.set("value", value)
  }
}
