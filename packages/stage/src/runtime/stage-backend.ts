import {
  CurrentWindowBackendContext,
  type domlikeBackend,
  Event as ElementEvent,
  type Element as ElementNode,
} from "glass-easel"

/** An element of the page, and the part of the mini program's tree that it shows. */
export type Host = HTMLElement & { readonly __wxElement?: ElementNode }

/** Milliseconds a finger stays for a long press, as WeChat has it. */
const longPressMs = 350
/** How far, in px, a finger may wander meanwhile. */
const longPressPx = 10

/** A finger, as an event of a mini program tells it. */
interface Touch {
  readonly identifier: number
  readonly pageX: number
  readonly pageY: number
  readonly clientX: number
  readonly clientY: number
}

/** The DOM that a mini program is drawn in: its elements are called `wx-NAME`, its style sheets follow the open page. */
export class StageBackend extends CurrentWindowBackendContext {
  readonly #sheets = new Map<string, HTMLStyleElement>()
  readonly #contents = new Map<string, string>()
  /** Gets the path of each style sheet that the page now being made asks for. */
  #collecting: Set<string> = new Set()

  constructor() {
    super()
    this.document = {
      createElement: tag => namedElement(tag) as unknown as domlikeBackend.Element,
      createTextNode: text => document.createTextNode(text) as unknown as domlikeBackend.Element,
      createDocumentFragment: () => document.createDocumentFragment() as unknown as domlikeBackend.Element,
    }
    this.onEvent((target, type, detail, { originalEvent, ...options }) =>
      dispatch(target, type, detail, originalEvent as Event, options),
    )
    listenForLongPress()
  }

  override registerStyleSheetContent(path: string, content: unknown): void {
    this.#contents.set(path, String(content))
  }

  override appendStyleSheetPath(path: string): number {
    this.#collecting.add(path)
    if (!this.#sheets.has(path)) {
      const sheet = document.createElement("style")
      sheet.dataset.of = path
      sheet.textContent = this.#contents.get(path) ?? ""
      this.#sheets.set(path, sheet)
      document.head.append(sheet)
    }
    return this.#sheets.size
  }

  override disableStyleSheet(): void {}

  /** Runs what makes a page, and answers the style sheets it asked for, in their order. */
  collectStyleSheets(make: () => void): ReadonlySet<string> {
    this.#collecting = new Set()
    make()
    return this.#collecting
  }

  /** Lets only these count: a page's rules are not scoped, and must not reach the page below it. */
  showStyleSheets(paths: ReadonlySet<string>): void {
    for (const [path, sheet] of this.#sheets) if (!paths.has(path)) sheet.media = "not all"
    for (const path of paths) {
      const sheet = this.#sheets.get(path)
      if (sheet === undefined) continue
      sheet.media = ""
      document.head.append(sheet)
    }
  }
}

function namedElement(tag: string): HTMLElement {
  const element = document.createElement(`wx-${tag}`)
  const setAttribute = element.setAttribute.bind(element)
  element.setAttribute = (name, value) =>
    setAttribute(name, name === "style" ? inPixels(String(value)) : value)
  // Ids reach the DOM as PREFIX--ID, so that components do not get in each other's way; a page's own id is what people look for.
  Object.defineProperty(element, "id", {
    get: () => element.getAttribute("id") ?? "",
    set: (id: string) => setAttribute("id", id.slice(id.indexOf("--") < 0 ? 0 : id.indexOf("--") + 2)),
  })
  return element
}

/** `rpx` in a style attribute: 750 are the width of the screen. */
function inPixels(style: string): string {
  return style.replace(/(-?\d*\.?\d+)rpx\b/g, (_, length: string) => `${Number(length) / 7.5}vw`)
}

function dispatch(
  target: ElementNode,
  type: string,
  detail: unknown,
  original: Event | undefined,
  options: object,
): 0 | 1 {
  const { touches, changedTouches } = touchesOf(original)
  const touching = type.startsWith("touch") || type.startsWith("mouse")
  const event = new ElementEvent(type, touching ? {} : detail, {
    ...options,
    originalEvent: original,
    extraFields: { touches, changedTouches },
  })
  ElementEvent.dispatchEvent(target, event)
  return event.defaultPrevented() ? 1 : 0
}

function touchesOf(original: Event | undefined): { touches: Touch[]; changedTouches: Touch[] } {
  if (original !== undefined && "touches" in original) {
    const { touches, changedTouches } = original as TouchEvent
    return { touches: [...touches].map(plainTouch), changedTouches: [...changedTouches].map(plainTouch) }
  }
  if (original !== undefined && "clientX" in original) {
    const finger = plainTouch({ identifier: 0, ...pointOf(original as MouseEvent) })
    return { touches: original.type === "mouseup" ? [] : [finger], changedTouches: [finger] }
  }
  return { touches: [], changedTouches: [] }
}

function plainTouch({ identifier, pageX, pageY, clientX, clientY }: Touch): Touch {
  return { identifier, pageX, pageY, clientX, clientY }
}

function pointOf({ pageX, pageY, clientX, clientY }: MouseEvent): Omit<Touch, "identifier"> {
  return { pageX, pageY, clientX, clientY }
}

/** The library knows taps only. */
function listenForLongPress(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let from = { x: 0, y: 0 }
  const stop = () => clearTimeout(timer)
  const start = (event: Event, { clientX: x, clientY: y }: { clientX: number; clientY: number }) => {
    stop()
    from = { x, y }
    timer = setTimeout(() => {
      const host = hostOf(event.target)
      if (host === undefined) return
      for (const type of ["longpress", "longtap"])
        dispatch(host, type, from, event, { bubbles: true, composed: true, capturePhase: true })
    }, longPressMs)
  }
  const move = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    if (Math.hypot(clientX - from.x, clientY - from.y) > longPressPx) stop()
  }
  const { body } = document
  body.addEventListener("mousedown", event => start(event, event), { capture: true })
  body.addEventListener("mousemove", move, { capture: true })
  body.addEventListener("touchstart", event => event.touches[0] && start(event, event.touches[0]), {
    capture: true,
  })
  body.addEventListener("touchmove", event => event.touches[0] && move(event.touches[0]), { capture: true })
  for (const end of ["mouseup", "touchend", "touchcancel"])
    body.addEventListener(end, stop, { capture: true })
}

/** The mini program's node behind an element of the page. */
function hostOf(target: EventTarget | null): ElementNode | undefined {
  for (let element = target as Host | null; element; element = element.parentElement)
    if (element.__wxElement !== undefined) return element.__wxElement
  return undefined
}
