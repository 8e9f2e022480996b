import { builtin } from "./builtin.ts"
import { formField } from "./form.ts"

export const slider = builtin("slider", {
  properties: {
    name: { type: String },
    min: { type: Number },
    max: { type: Number, value: 100 },
    step: { type: Number, value: 1 },
    disabled: { type: Boolean },
    value: { type: Number },
    color: { type: String },
    selectedColor: { type: String },
    activeColor: { type: String },
    backgroundColor: { type: String },
    blockSize: { type: Number, value: 28 },
    blockColor: { type: String },
    showValue: { type: Boolean },
  },
  children: false,
  setup(part) {
    const { host } = part
    const control = document.createElement("input")
    const shown = document.createElement("span")
    control.type = "range"
    host.append(control, shown)

    part.watch(["min", "max", "step", "value"], () => {
      for (const name of ["min", "max", "step"] as const) control[name] = String(part.get(name))
      control.value = String(part.get("value"))
      draw()
    })
    part.watch(["disabled"], () => {
      control.disabled = part.get("disabled")
      host.toggleAttribute("disabled", control.disabled)
    })
    part.watch(["showValue"], () => {
      shown.hidden = !part.get("showValue")
    })
    part.watch(["ariaLabel"], () => control.setAttribute("aria-label", part.get("ariaLabel")))
    part.watch(
      ["color", "selectedColor", "activeColor", "backgroundColor", "blockSize", "blockColor"],
      () => {
        const size = Math.min(28, Math.max(12, part.get("blockSize")))
        part.style({
          "--stage-slider-active": part.get<string>("activeColor") || part.get("selectedColor"),
          "--stage-slider-track": part.get<string>("backgroundColor") || part.get("color"),
          "--stage-slider-block": part.get("blockColor"),
          "--stage-slider-size": `${size}px`,
        })
      },
    )
    // Dragging and letting go; only the host speaks with the mini program.
    for (const [type, event] of [
      ["input", "changing"],
      ["change", "change"],
    ] as const)
      control.addEventListener(type, original => {
        original.stopPropagation()
        const value = Number(control.value)
        part.set("value", value)
        part.trigger(event, { value })
      })

    function draw(): void {
      const { min, max, value } = control
      const done = (Number(value) - Number(min)) / (Number(max) - Number(min) || 1)
      part.style({ "--stage-slider-done": `${done * 100}%` })
      shown.textContent = value
    }
  },
})

formField("slider", { read: part => part.get("value"), reset: part => part.set("value", part.get("min")) })

const track = `height: 2px; border-radius: 1px; background: linear-gradient(var(--stage-slider-active, #07c160), var(--stage-slider-active, #07c160)) 0 / var(--stage-slider-done) 100% no-repeat var(--stage-slider-track, var(--hair));`
const block = `box-sizing: border-box; width: var(--stage-slider-size); height: var(--stage-slider-size); border: 0; border-radius: 50%; background: var(--stage-slider-block, #fff); box-shadow: 0 0 4px rgba(0, 0, 0, .2);`

export const sliderStyle = `
wx-slider { display: flex; align-items: center; margin: 10px 18px; }
wx-slider[disabled] { opacity: .5; }
wx-slider > input { flex: 1; min-width: 0; height: 28px; margin: 0; appearance: none; background: none; cursor: pointer; touch-action: pan-y; }
wx-slider > input::-webkit-slider-runnable-track { ${track} }
wx-slider > input::-moz-range-track { ${track} }
wx-slider > input::-webkit-slider-thumb { appearance: none; margin-top: calc(1px - var(--stage-slider-size) / 2); ${block} }
wx-slider > input::-moz-range-thumb { ${block} }
wx-slider > span { width: 3ch; padding-left: 1em; color: #888; font-size: 14px; }
wx-slider > span[hidden] { display: none; }
`
