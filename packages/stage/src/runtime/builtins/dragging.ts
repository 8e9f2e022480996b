/** A finger that moves over an element. */
export interface Drag {
  /** How far, in px, it is from where it began. */
  readonly dx: number
  readonly dy: number
}

interface DragListener {
  /** Answers whether it may be dragged at all. */
  start(): boolean
  move(drag: Drag): void
  end(drag: Drag): void
}

/** Follows a finger, or a mouse with its button down, also where it leaves the element. */
export function listenToDragging(element: HTMLElement, listener: DragListener): void {
  element.addEventListener("pointerdown", down => {
    if (down.button !== 0 || !listener.start()) return
    // An element inside that is dragged as well has heard of it first.
    down.stopPropagation()
    const far = ({ clientX, clientY }: MouseEvent): Drag => ({
      dx: clientX - down.clientX,
      dy: clientY - down.clientY,
    })
    let last: Drag = { dx: 0, dy: 0 }
    const move = (event: PointerEvent) => {
      if (event.pointerId !== down.pointerId) return
      last = far(event)
      listener.move(last)
    }
    const end = (event: PointerEvent) => {
      if (event.pointerId !== down.pointerId) return
      stopping.abort()
      listener.end(event.type === "pointerup" ? far(event) : last)
    }
    const stopping = new AbortController()
    const { signal } = stopping
    document.addEventListener("pointermove", move, { signal })
    document.addEventListener("pointerup", end, { signal })
    document.addEventListener("pointercancel", end, { signal })
  })
}
