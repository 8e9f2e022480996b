/** A column that is turned until the row in its middle is the right one. */
export interface Wheel {
  readonly index: number
  /** Turns to a row, as far as there is one, and tells nobody. */
  show(index: number): void
}

interface WheelOptions {
  /** In px. */
  readonly rowHeight: () => number
  readonly rows: () => readonly HTMLElement[]
  /** Somebody began to turn it. */
  readonly onStart?: () => void
  /** Somebody turned it to another row. */
  readonly onTurned: (index: number) => void
  /** It rests. */
  readonly onEnd?: () => void
}

/** How long, in ms, nothing moves before a wheel is said to rest. */
const restMs = 120

/** Makes an element with rows in it a wheel, for fingers, wheels of mice, and keys. */
export function wheel(element: HTMLElement, options: WheelOptions): Wheel {
  const { rowHeight, rows, onStart = () => {}, onTurned, onEnd = () => {} } = options
  let index = 0
  let rest: ReturnType<typeof setTimeout> | undefined
  // Not a class: those are the mini program's to set.
  element.setAttribute("stage-wheel", "")
  element.setAttribute("role", "listbox")
  element.tabIndex = 0

  function show(wanted: number): void {
    index = Math.min(Math.max(0, rows().length - 1), Math.max(0, Math.trunc(wanted) || 0))
    element.scrollTop = index * rowHeight()
    for (const [place, row] of rows().entries()) {
      row.setAttribute("role", "option")
      row.setAttribute("aria-selected", String(place === index))
    }
  }
  function turn(wanted: number): void {
    const before = index
    onStart()
    show(wanted)
    if (index !== before) onTurned(index)
    onEnd()
  }

  element.addEventListener("scroll", event => {
    // The library would hand on the browser's own event as well.
    event.stopImmediatePropagation()
    const place = Math.round(element.scrollTop / (rowHeight() || 1))
    if (rest === undefined && place === index) return
    if (rest === undefined) onStart()
    clearTimeout(rest)
    rest = setTimeout(() => {
      rest = undefined
      const before = index
      show(Math.round(element.scrollTop / (rowHeight() || 1)))
      if (index !== before) onTurned(index)
      onEnd()
    }, restMs)
  })
  element.addEventListener("click", ({ target }) => {
    const touched = rows().findIndex(row => row.contains(target as Node))
    if (touched >= 0) turn(touched)
  })
  element.addEventListener("keydown", event => {
    const wanted = { ...steps(index), Home: 0, End: rows().length - 1 }[event.key]
    if (wanted === undefined || event.target !== element) return
    event.preventDefault()
    turn(wanted)
  })
  // Hidden at first, it could not be turned to where it belongs.
  if ("ResizeObserver" in window) new ResizeObserver(() => show(index)).observe(element)

  return {
    get index() {
      return index
    },
    show,
  }
}

function steps(index: number): Record<string, number> {
  return { ArrowUp: index - 1, ArrowDown: index + 1, PageUp: index - 5, PageDown: index + 5 }
}

export const wheelStyle = `
[stage-wheel] { display: block; position: relative; flex: 1; height: 100%; overflow: hidden auto; scroll-snap-type: y mandatory; scrollbar-width: none; text-align: center; cursor: pointer; }
[stage-wheel]::before, [stage-wheel]::after { content: ""; display: block; height: calc(50% - var(--stage-row) / 2); }
[stage-wheel] > * { box-sizing: border-box; height: var(--stage-row) !important; overflow: hidden; scroll-snap-align: center; }
[stage-wheel] > [aria-selected=false] { opacity: .5; }
`
