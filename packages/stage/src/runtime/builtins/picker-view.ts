import { builtin, enclosing, type Part, partOf } from "./builtin.ts"
import { pixels } from "./css-length.ts"
import { type Wheel, wheel } from "./wheel.ts"

export const pickerView = builtin("picker-view", {
  properties: {
    value: { type: null, value: [] },
    indicatorStyle: { type: String },
    indicatorClass: { type: String },
    maskStyle: { type: String },
    maskClass: { type: String },
  },
  setup(part) {
    const { host } = part
    const indicator = document.createElement("div")
    const mask = document.createElement("div")
    host.append(mask, indicator)
    part.watch(["indicatorStyle", "indicatorClass"], () => {
      indicator.className = `stage-picker-indicator ${part.get<string>("indicatorClass")}`
      indicator.style.cssText = part.get("indicatorStyle")
      part.style({ "--stage-row": `${rowHeight(part)}px` })
    })
    part.watch(["maskStyle", "maskClass"], () => {
      mask.className = `stage-picker-mask ${part.get<string>("maskClass")}`
      mask.style.cssText = part.get("maskStyle")
    })
    const place = () => {
      const value = part.get<readonly number[] | null>("value") ?? []
      for (const [index, { wheel }] of columnsOf(part).entries()) wheel.show(value[index] ?? 0)
    }
    part.watch(["value"], place)
    part.onAttached(place)
  },
})

export const pickerViewColumn = builtin("picker-view-column", {
  setup(part) {
    let view: Part | undefined
    const turning = wheel(part.host, {
      rowHeight: () => (view === undefined ? 1 : rowHeight(view)),
      rows: () => [...part.host.children] as HTMLElement[],
      onStart: () => view?.trigger("pickstart", {}),
      onTurned() {
        if (view === undefined) return
        const value = columnsOf(view).map(column => column.wheel.index)
        view.set("value", value)
        view.trigger("change", { value })
      },
      onEnd: () => view?.trigger("pickend", {}),
    })
    wheels.set(part, turning)
    const place = () => {
      if (view === undefined) return
      const index = columnsOf(view).findIndex(column => column.part === part)
      turning.show(view.get<readonly number[] | null>("value")?.[index] ?? 0)
    }
    // Rows come when the mini program has them.
    const rows = new MutationObserver(place)
    part.onAttached(() => {
      view = enclosing(part, "picker-view")
      rows.observe(part.host, { childList: true })
      place()
    })
    part.onDetached(() => rows.disconnect())
  },
})

const wheels = new WeakMap<Part, Wheel>()

function columnsOf(view: Part): { readonly part: Part; readonly wheel: Wheel }[] {
  return [...view.host.querySelectorAll("wx-picker-view-column")].flatMap(element => {
    const part = partOf(element)
    const wheel = part && wheels.get(part)
    return part && wheel ? { part, wheel } : []
  })
}

/** Of one row, in px: as high as the indicator. */
function rowHeight(view: Part): number {
  const [, written] = /(?:^|[;\s])height:\s*([\d.]+(?:px|rpx)?)/.exec(view.get("indicatorStyle")) ?? []
  return pixels(written) || 34
}

export const pickerViewStyle = `
wx-picker-view { display: flex; position: relative; overflow: hidden; }
.stage-picker-mask { position: absolute; inset: 0; z-index: 2; pointer-events: none; }
.stage-picker-indicator { position: absolute; top: 50%; right: 0; left: 0; z-index: 3; box-sizing: border-box; height: var(--stage-row); transform: translateY(-50%); border: solid var(--hair); border-width: 1px 0; pointer-events: none; }
`
