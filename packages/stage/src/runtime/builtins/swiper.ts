import { builtin, type Part, partOf } from "./builtin.ts"
import { cssLength } from "./css-length.ts"
import { listenToDragging } from "./dragging.ts"

export const swiper = builtin("swiper", {
  properties: {
    indicatorDots: { type: Boolean },
    indicatorColor: { type: String, value: "rgba(0, 0, 0, .3)" },
    indicatorActiveColor: { type: String, value: "#000000" },
    autoplay: { type: Boolean },
    current: { type: Number },
    currentItemId: { type: String },
    interval: { type: Number, value: 5000 },
    duration: { type: Number, value: 500 },
    circular: { type: Boolean },
    vertical: { type: Boolean },
    previousMargin: { type: null, value: "0px" },
    nextMargin: { type: null, value: "0px" },
    displayMultipleItems: { type: Number, value: 1 },
    disableTouch: { type: Boolean },
    touchable: { type: Boolean, value: true },
  },
  setup(part) {
    const { host } = part
    const dots = document.createElement("div")
    dots.className = "stage-swiper-dots"
    dots.setAttribute("aria-hidden", "true")
    host.append(dots)
    host.setAttribute("role", "group")
    host.setAttribute("aria-roledescription", "carousel")
    host.tabIndex = 0
    const slides = createSlides(part, dots)
    part.watch(
      [
        "vertical",
        "circular",
        "previousMargin",
        "nextMargin",
        "displayMultipleItems",
        "duration",
        "indicatorDots",
        "indicatorColor",
        "indicatorActiveColor",
      ],
      slides.draw,
    )
    part.watch(["current"], () => slides.show(part.get("current"), ""))
    part.watch(["currentItemId"], () => {
      const wanted = part.get<string>("currentItemId")
      const index = wanted ? slides.items().findIndex(item => item.get("itemId") === wanted) : -1
      if (index >= 0) slides.show(index, "")
    })
    host.addEventListener("keydown", event => {
      const [back, on] = part.get("vertical") ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"]
      if (event.target !== host || (event.key !== back && event.key !== on)) return
      event.preventDefault()
      slides.step(event.key === on ? 1 : -1, "touch")
    })
    play(part, slides)
    drag(part, slides)
    const itemsChanged = new MutationObserver(slides.draw)
    part.onAttached(() => {
      itemsChanged.observe(host, { childList: true })
      slides.draw()
    })
    part.onDetached(() => itemsChanged.disconnect())
  },
})

export const swiperItem = builtin("swiper-item", {
  properties: { itemId: { type: String }, skipHiddenItemLayout: { type: Boolean } },
})

/** Who turned: the mini program, time, or a finger. */
type Source = "" | "autoplay" | "touch"

interface Slides {
  items(): readonly Part[]
  draw(): void
  show(index: number, source: Source): void
  /** Goes on or back; around the end where it is circular or time turns it. */
  step(by: number, source: Source): void
  /** Shifts them all by some px, while a finger holds them. */
  shift(pixels: number): void
}

function createSlides(part: Part, dots: HTMLElement): Slides {
  const { host } = part
  let shown = 0
  let shifted = 0
  const places = new WeakMap<Part, number>()
  let finished: ReturnType<typeof setTimeout> | undefined
  const items = () =>
    [...host.children].flatMap(child => (child.localName === "wx-swiper-item" && partOf(child)) || [])

  function draw(): void {
    const all = items()
    const vertical = Boolean(part.get("vertical"))
    const multiple = Math.max(1, part.get("displayMultipleItems"))
    const circular = Boolean(part.get("circular")) && all.length > multiple
    const [before, after] = [cssLength(part.get("previousMargin")), cssLength(part.get("nextMargin"))]
    const size = `calc((100% - ${before} - ${after}) / ${multiple})`
    host.toggleAttribute("vertical", vertical)
    for (const [index, item] of all.entries()) {
      const place = placeOf(index, shown, all.length, circular)
      const moved = `calc(${place * 100}% + ${shifted}px)`
      // One that changes ends must not be seen on its way.
      const jumps = circular && Math.abs(place - (places.get(item) ?? place)) > all.length / 2
      places.set(item, place)
      item.host.setAttribute("aria-hidden", String(place < 0 || place >= multiple))
      item.style({
        [vertical ? "top" : "left"]: before,
        [vertical ? "left" : "top"]: "0",
        [vertical ? "height" : "width"]: size,
        [vertical ? "width" : "height"]: "100%",
        transform: vertical ? `translate(0, ${moved})` : `translate(${moved}, 0)`,
        transition: shifted !== 0 || jumps ? "none" : `transform ${part.get("duration")}ms`,
      })
    }
    drawDots(part, dots, all.length, shown)
  }

  function show(index: number, source: Source): void {
    const all = items()
    // The items may come later than the number.
    const last = all.length > 0 ? all.length - 1 : index
    const wanted = Math.min(last, Math.max(0, Math.trunc(index) || 0))
    if (wanted === shown) return
    shown = wanted
    draw()
    if (!host.isConnected) return
    if (part.get("current") !== shown) part.set("current", shown)
    const detail = { current: shown, currentItemId: all[shown]?.get("itemId") ?? "", source }
    // Not in the middle of the mini program's own setData.
    queueMicrotask(() => part.trigger("change", detail))
    clearTimeout(finished)
    finished = setTimeout(() => part.trigger("animationfinish", detail), part.get("duration"))
  }

  part.onDetached(() => clearTimeout(finished))
  return {
    items,
    draw,
    show,
    step(by, source) {
      const count = items().length
      const around = part.get("circular") || source === "autoplay"
      if (count > 0) show(around ? (shown + by + count) % count : shown + by, source)
    },
    shift(pixels) {
      shifted = pixels
      draw()
    },
  }
}

/** How many places an item is from the first that is seen; in a circle the shorter way. */
function placeOf(index: number, shown: number, count: number, circular: boolean): number {
  if (!circular) return index - shown
  const place = (index - shown + count) % count
  return place > count / 2 ? place - count : place
}

function drawDots(part: Part, dots: HTMLElement, count: number, shown: number): void {
  dots.hidden = !part.get("indicatorDots")
  while (dots.childElementCount < count) dots.append(document.createElement("i"))
  while (dots.childElementCount > count) dots.lastElementChild?.remove()
  for (const [index, dot] of [...dots.children].entries())
    (dot as HTMLElement).style.backgroundColor = part.get(
      index === shown ? "indicatorActiveColor" : "indicatorColor",
    )
}

function play(part: Part, slides: Slides): void {
  let playing: ReturnType<typeof setInterval> | undefined
  const start = () => {
    clearInterval(playing)
    if (!part.get("autoplay") || !part.host.isConnected) return
    playing = setInterval(() => {
      if (part.host.closest("[hidden]") === null) slides.step(1, "autoplay")
    }, part.get("interval"))
  }
  part.watch(["autoplay", "interval"], start)
  part.onAttached(start)
  part.onDetached(() => clearInterval(playing))
}

/** How far, in px, a finger must go to turn to the next. */
const turnPx = 50

function drag(part: Part, slides: Slides): void {
  const along = ({ dx, dy }: { dx: number; dy: number }) => (part.get("vertical") ? dy : dx)
  listenToDragging(part.host, {
    start: () => !part.get("disableTouch") && part.get("touchable"),
    move(drag) {
      slides.shift(along(drag))
      part.trigger("transition", part.get("vertical") ? { dx: 0, dy: -drag.dy } : { dx: -drag.dx, dy: 0 })
    },
    end(drag) {
      slides.shift(0)
      if (Math.abs(along(drag)) > turnPx) slides.step(along(drag) < 0 ? 1 : -1, "touch")
    },
  })
}

export const swiperStyle = `
wx-swiper { display: block; position: relative; height: 150px; overflow: hidden; touch-action: pan-y; user-select: none; }
wx-swiper[vertical] { touch-action: pan-x; }
wx-swiper-item { display: block; position: absolute; overflow: hidden; }
.stage-swiper-dots { position: absolute; bottom: 10px; left: 50%; z-index: 1; display: flex; gap: 8px; transform: translateX(-50%); }
[vertical] > .stage-swiper-dots { top: 50%; right: 10px; bottom: auto; left: auto; flex-direction: column; transform: translateY(-50%); }
.stage-swiper-dots > i { width: 8px; height: 8px; border-radius: 50%; }
`
