import { builtin, enclosed, enclosing, type Part } from "./builtin.ts"
import { formField } from "./form.ts"
import { markColors, markProperties } from "./mark-properties.ts"
import { pressable } from "./pressable.ts"

export const radio = builtin("radio", {
  properties: markProperties,
  setup(part) {
    const { host } = part
    const mark = document.createElement("i")
    mark.className = "stage-radio"
    host.append(mark)
    pressable(part, "radio", () => choose(part))
    host.addEventListener("keydown", event => {
      const step = steps[event.key]
      const radios = siblings(part).filter(sibling => !sibling.get("disabled"))
      if (step === undefined || event.target !== host || radios.length < 2) return
      event.preventDefault()
      const next = radios[(radios.indexOf(part) + step + radios.length) % radios.length]
      next?.host.focus()
      if (next !== undefined) choose(next)
    })
    part.watch(["checked"], () => {
      const checked = part.get<boolean>("checked")
      host.setAttribute("aria-checked", String(Boolean(checked)))
      if (checked)
        for (const other of siblings(part))
          if (other !== part && other.get("checked")) other.set("checked", false)
    })
    part.watch(markColors, () => {
      const checked = part.get<boolean>("checked")
      const filled = part.get<string>("activeBackgroundColor") || part.get<string>("color")
      mark.style.color = part.get("iconColor")
      mark.style.backgroundColor = checked ? filled : part.get("backgroundColor")
      mark.style.borderColor = checked
        ? part.get<string>("activeBorderColor") || filled
        : part.get("borderColor")
    })
  },
})

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

export const radioGroup = builtin("radio-group", {
  properties: { name: { type: String } },
  setup(part) {
    part.host.setAttribute("role", "radiogroup")
  },
})

function choose(part: Part): void {
  if (part.get("checked")) return
  part.set("checked", true)
  enclosing(part, "radio-group")?.trigger("change", { value: part.get("value") })
}

/** The radios of its group, itself among them. */
function siblings(part: Part): Part[] {
  const group = enclosing(part, "radio-group")
  return group === undefined ? [part] : enclosed(group, ["radio"])
}

formField("radio-group", {
  read: group =>
    enclosed(group, ["radio"])
      .find(item => item.get("checked"))
      ?.get("value") ?? "",
  reset(group) {
    for (const item of enclosed(group, ["radio"])) item.set("checked", false)
  },
})

export const radioStyle = `
wx-radio { display: inline-block; cursor: pointer; }
wx-radio[disabled] { opacity: .5; cursor: default; }
wx-radio-group { display: block; }
.stage-radio { display: inline-block; box-sizing: border-box; width: 23px; height: 23px; margin-right: 5px; vertical-align: middle; border: 1px solid #c8c8c8; border-radius: 50%; background: var(--paper); color: #fff; }
[aria-checked=true] > .stage-radio { border-color: #07c160; background: #07c160; }
[aria-checked=true] > .stage-radio::after { content: ""; display: block; box-sizing: border-box; width: 7px; height: 12px; margin: 2px auto 0; border: solid; border-width: 0 2px 2px 0; transform: rotate(45deg); }
`
