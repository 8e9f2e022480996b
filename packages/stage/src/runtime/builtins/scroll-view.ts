import { builtin, type Part } from "./builtin.ts"
import { pixels } from "./css-length.ts"

export const scrollView = builtin("scroll-view", {
  properties: {
    scrollX: { type: Boolean },
    scrollY: { type: Boolean },
    upperThreshold: { type: null, value: 50 },
    lowerThreshold: { type: null, value: 50 },
    scrollTop: { type: null },
    scrollLeft: { type: null },
    scrollIntoView: { type: String },
    scrollIntoViewOffset: { type: Number },
    scrollWithAnimation: { type: Boolean },
    enhanced: { type: Boolean },
    showScrollbar: { type: Boolean, value: true },
    pagingEnabled: { type: Boolean },
    type: { type: String },
  },
  setup(part) {
    const { host } = part
    part.watch(["scrollX", "scrollY", "pagingEnabled", "showScrollbar", "enhanced"], () => {
      for (const [flag, attribute] of flags) host.toggleAttribute(attribute, Boolean(part.get(flag)))
      host.toggleAttribute("bare", Boolean(part.get("enhanced")) && !part.get("showScrollbar"))
    })
    part.watch(["scrollWithAnimation"], () => {
      part.style({ "scroll-behavior": part.get("scrollWithAnimation") ? "smooth" : "" })
    })
    obey(part, "scrollTop")
    obey(part, "scrollLeft")
    const bringIntoView = () => {
      const id = part.get<string>("scrollIntoView")
      const target = id ? [...host.querySelectorAll("[id]")].find(element => element.id === id) : undefined
      if (target !== undefined) showChild(part, target)
    }
    part.watch(["scrollIntoView"], () => {
      // What it names may be made by the same change.
      if (host.isConnected) queueMicrotask(bringIntoView)
    })
    part.onAttached(() => queueMicrotask(bringIntoView))
    tellScrolling(part)
  },
})

const flags = [
  ["scrollX", "scroll-x"],
  ["scrollY", "scroll-y"],
  ["pagingEnabled", "paging"],
] as const

/** Scrolls to where the mini program says, once each time it says something else. */
function obey(part: Part, side: "scrollTop" | "scrollLeft"): void {
  let obeyed: unknown = null
  const scroll = () => {
    const wanted = part.get<unknown>(side)
    if (wanted === obeyed || wanted === null || wanted === "" || !part.host.isConnected) return
    obeyed = wanted
    queueMicrotask(() => {
      part.host[side] = pixels(wanted)
    })
  }
  part.watch([side], scroll)
  part.onAttached(scroll)
}

function showChild(part: Part, child: Element): void {
  const { host } = part
  const [outer, inner] = [host.getBoundingClientRect(), child.getBoundingClientRect()]
  const offset = part.get<number>("scrollIntoViewOffset")
  if (part.get("scrollX")) host.scrollLeft += inner.left - outer.left + offset
  if (part.get("scrollY")) host.scrollTop += inner.top - outer.top + offset
}

function tellScrolling(part: Part): void {
  const { host } = part
  let [left, top] = [0, 0]
  host.addEventListener("scroll", event => {
    // The library would hand on the browser's own event as well.
    event.stopImmediatePropagation()
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = host
    const [deltaX, deltaY] = [left - scrollLeft, top - scrollTop]
    part.trigger("scroll", { scrollLeft, scrollTop, scrollWidth, scrollHeight, deltaX, deltaY })
    if (part.get("scrollX")) tellEdges(part, [left, scrollLeft, scrollWidth - clientWidth], ["left", "right"])
    if (part.get("scrollY")) tellEdges(part, [top, scrollTop, scrollHeight - clientHeight], ["top", "bottom"])
    left = scrollLeft
    top = scrollTop
  })
}

/** @param way where it was, where it is and how far it can go, in px */
function tellEdges(
  part: Part,
  [before, now, end]: readonly [number, number, number],
  [start, finish]: readonly [string, string],
): void {
  const upper = pixels(part.get("upperThreshold"))
  const lower = end - pixels(part.get("lowerThreshold"))
  if (now <= upper && before > upper) part.trigger("scrolltoupper", { direction: start })
  if (now >= lower && before < lower) part.trigger("scrolltolower", { direction: finish })
}

export const scrollViewStyle = `
wx-scroll-view { display: block; width: 100%; box-sizing: border-box; overflow: hidden; -webkit-overflow-scrolling: touch; }
wx-scroll-view[scroll-x] { overflow-x: auto; }
wx-scroll-view[scroll-y] { overflow-y: auto; }
wx-scroll-view[scroll-x][paging] { scroll-snap-type: x mandatory; }
wx-scroll-view[scroll-y][paging] { scroll-snap-type: y mandatory; }
wx-scroll-view[paging] > * { scroll-snap-align: start; }
wx-scroll-view[bare] { scrollbar-width: none; }
`
