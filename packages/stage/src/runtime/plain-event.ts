/** What a handler of a mini program is given: plain data, so that it may be kept, compared and sent. */
export interface PlainEvent {
  readonly type: string
  readonly timeStamp: number
  readonly target: PlainTarget
  readonly currentTarget: PlainTarget
  readonly detail: unknown
  readonly mark: object
  readonly touches?: readonly unknown[]
  readonly changedTouches?: readonly unknown[]
  stopPropagation(): void
  preventDefault(): void
}

interface PlainTarget {
  readonly id: string
  readonly dataset: object
  readonly offsetLeft: number
  readonly offsetTop: number
}

/** The library's event, as far as it is read here. */
export interface TreeEvent {
  readonly type: string
  readonly timeStamp: number
  readonly target: TreeTarget
  readonly currentTarget: TreeTarget
  readonly detail: unknown
  readonly mark: object | null
  readonly touches?: readonly unknown[]
  readonly changedTouches?: readonly unknown[]
  stopPropagation(): void
  preventDefault(): void
}

interface TreeTarget {
  readonly id: string
  readonly dataset: object | null
  /** A component's own object has its node here. */
  readonly _$?: { readonly $$?: unknown }
  readonly $$?: unknown
}

export function plainEvent(event: TreeEvent): PlainEvent {
  const { type, timeStamp, detail, mark, touches, changedTouches } = event
  return {
    type,
    timeStamp,
    target: plainTarget(event.target),
    currentTarget: plainTarget(event.currentTarget),
    detail,
    mark: mark ?? {},
    ...(touches !== undefined && { touches }),
    ...(changedTouches !== undefined && { changedTouches }),
    stopPropagation: () => event.stopPropagation(),
    preventDefault: () => event.preventDefault(),
  }
}

function plainTarget(target: TreeTarget): PlainTarget {
  const element = (target.$$ ?? target._$?.$$) as HTMLElement | undefined
  return {
    id: target.id,
    dataset: { ...target.dataset },
    offsetLeft: element?.offsetLeft ?? 0,
    offsetTop: element?.offsetTop ?? 0,
  }
}
