import { builtin, type Part } from "./builtin.ts"
import { formField } from "./form.ts"
import { choicesOf } from "./picker-choices.ts"
import { openPickerSheet, type PickerSheet } from "./picker-sheet.ts"
import { pressable } from "./pressable.ts"

export const picker = builtin("picker", {
  properties: {
    name: { type: String },
    headerText: { type: String },
    mode: { type: String, value: "selector" },
    disabled: { type: Boolean },
    range: { type: null, value: [] },
    rangeKey: { type: String },
    value: { type: null },
    start: { type: String },
    end: { type: String },
    fields: { type: String, value: "day" },
    level: { type: String, value: "region" },
    customItem: { type: String },
  },
  setup(part) {
    let open: PickerSheet | undefined
    part.host.setAttribute("aria-haspopup", "dialog")
    pressable(part, "button", async () => {
      const overlay = document.querySelector<HTMLElement>(".stage-overlay")
      if (overlay === null || open !== undefined) return
      open = openPickerSheet(overlay, part.get("headerText"), choicesOf(part), (column, value) => {
        if (part.get("mode") === "multiSelector") part.trigger("columnchange", { column, value })
      })
      const chosen = await open.chosen
      open = undefined
      if (chosen === null) part.trigger("cancel", {})
      else decide(part, chosen)
    })
    // Columns of a multiSelector are often filled while it is open.
    part.watch(["range"], () => open?.update(choicesOf(part)))
    part.watch(["value"], () => open?.update(choicesOf(part), choicesOf(part).chosen))
  },
})

function decide(part: Part, chosen: readonly number[]): void {
  const { detail, value } = choicesOf(part).result(chosen)
  part.set("value", value)
  part.trigger("change", detail)
}

const blank: Readonly<Record<string, unknown>> = { selector: 0, multiSelector: [], region: [] }

formField("picker", {
  read: part => part.get<unknown>("value") ?? blank[part.get<string>("mode")] ?? "",
  reset: part => part.set("value", blank[part.get<string>("mode")] ?? ""),
})

export const pickerStyle = `
wx-picker { display: block; cursor: pointer; }
wx-picker[disabled] { cursor: default; }
`
