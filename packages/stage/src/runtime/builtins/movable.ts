import { builtin, enclosing, type Part } from "./builtin.ts"
import { pixels } from "./css-length.ts"
import { listenToDragging } from "./dragging.ts"

export const movableArea = builtin("movable-area", { properties: { scaleArea: { type: Boolean } } })

export const movableView = builtin("movable-view", {
  properties: {
    direction: { type: String, value: "none" },
    x: { type: null, value: 0 },
    y: { type: null, value: 0 },
    disabled: { type: Boolean },
    scale: { type: Boolean },
    scaleValue: { type: Number, value: 1 },
    animation: { type: Boolean, value: true },
  },
  setup(part) {
    const { host } = part
    let [x, y] = [0, 0]
    let began = { x: 0, y: 0 }

    function move(toX: number, toY: number, source: "touch" | ""): void {
      const limit = reach(part)
      const [newX, newY] = [within(toX, limit.x), within(toY, limit.y)]
      const moved = newX !== x || newY !== y
      x = newX
      y = newY
      const scale = part.get("scale") ? ` scale(${part.get("scaleValue")})` : ""
      part.style({ transform: `translate(${x}px, ${y}px)${scale}` })
      const detail = { x, y, source }
      // Not in the middle of the mini program's own setData.
      if (moved && host.isConnected) queueMicrotask(() => part.trigger("change", detail))
    }
    const obey = () => move(pixels(part.get("x")), pixels(part.get("y")), "")
    part.watch(["x", "y", "scale", "scaleValue"], () => host.isConnected && obey())
    part.onAttached(obey)
    part.watch(["direction", "disabled", "animation"], () => {
      host.setAttribute("direction", part.get("direction"))
      if (movable(part, "horizontal") || movable(part, "vertical")) host.tabIndex = 0
      else host.removeAttribute("tabindex")
      part.style({ transition: part.get("animation") ? "transform .2s" : "" })
    })
    listenToDragging(host, {
      start() {
        began = { x, y }
        return movable(part, "horizontal") || movable(part, "vertical")
      },
      move({ dx, dy }) {
        part.style({ transition: "" })
        const across = movable(part, "horizontal") ? dx : 0
        const down = movable(part, "vertical") ? dy : 0
        if (across !== 0 || down !== 0)
          part.trigger(Math.abs(dx) > Math.abs(dy) ? "htouchmove" : "vtouchmove", {})
        move(began.x + across, began.y + down, "touch")
      },
      end() {
        part.style({ transition: part.get("animation") ? "transform .2s" : "" })
      },
    })
    host.addEventListener("keydown", event => {
      const [across, down] = arrows[event.key] ?? [0, 0]
      if (event.target !== host || !movable(part, across === 0 ? "vertical" : "horizontal")) return
      if (across === 0 && down === 0) return
      event.preventDefault()
      move(x + across, y + down, "touch")
    })
  },
})

/** How far, in px, an arrow key moves it. */
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-10, 0],
  ArrowRight: [10, 0],
  ArrowUp: [0, -10],
  ArrowDown: [0, 10],
}

function movable(part: Part, way: "horizontal" | "vertical"): boolean {
  const direction = part.get<string>("direction")
  return !part.get("disabled") && (direction === "all" || direction === way)
}

/** How far it can go, in px, to stay in its area; a view bigger than that goes the other way. */
function reach(part: Part): { x: number; y: number } {
  const area = enclosing(part, "movable-area")?.host
  if (area === undefined) return { x: 0, y: 0 }
  return { x: area.clientWidth - part.host.offsetWidth, y: area.clientHeight - part.host.offsetHeight }
}

function within(wanted: number, limit: number): number {
  return Math.min(Math.max(0, limit), Math.max(Math.min(0, limit), wanted))
}

export const movableStyle = `
wx-movable-area { display: block; position: relative; width: 10px; height: 10px; }
wx-movable-view { display: inline-block; position: absolute; top: 0; left: 0; width: 10px; height: 10px; }
wx-movable-view[direction=all] { touch-action: none; }
wx-movable-view[direction=horizontal] { touch-action: pan-y; }
wx-movable-view[direction=vertical] { touch-action: pan-x; }
`
