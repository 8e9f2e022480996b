import { element } from "../chrome/element.ts"
import { ask, choice } from "../chrome/sheets.ts"
import type { Choices } from "./picker-choices.ts"
import { type Wheel, wheel } from "./wheel.ts"

/** A sheet with wheels, from below. */
export interface PickerSheet {
  /** What was chosen; `null` if nothing was. */
  readonly chosen: Promise<readonly number[] | null>
  /** Shows other choices. @param chosen what is chosen of them; default is what was */
  update(choices: Choices, chosen?: readonly number[]): void
}

/** Of one row, in px. */
const rowHeight = 48

/** @param onColumn is told when a column was turned */
export function openPickerSheet(
  overlay: HTMLElement,
  title: string,
  first: Choices,
  onColumn: (column: number, index: number) => void,
): PickerSheet {
  let choices = first
  let chosen = [...first.chosen]
  const columns = element("div", "stage-picker-columns")
  let drawn: { readonly list: HTMLElement; readonly wheel: Wheel; labels: readonly string[] }[] = []
  let cancel = () => {}

  function draw(): void {
    const wanted = choices.columns(chosen)
    if (wanted.length !== drawn.length) {
      drawn = wanted.map((_, column) => addColumn(column))
      columns.replaceChildren(...drawn.map(({ list }) => list))
    }
    for (const [column, labels] of wanted.entries()) {
      const shown = drawn[column]
      if (shown === undefined) continue
      if (shown.labels.join("\n") !== labels.join("\n") || shown.list.childElementCount !== labels.length)
        shown.list.replaceChildren(...labels.map(label => element("div", "", label)))
      shown.labels = labels
      shown.wheel.show(chosen[column] ?? 0)
      chosen[column] = shown.wheel.index
    }
  }
  function addColumn(column: number): (typeof drawn)[number] {
    const list = element("div", "")
    list.setAttribute("aria-label", title || "请选择")
    const turning = wheel(list, {
      rowHeight: () => rowHeight,
      rows: () => [...list.children] as HTMLElement[],
      onTurned(index) {
        chosen = follow(choices, chosen, column, index)
        draw()
        onColumn(column, index)
      },
    })
    return { list, wheel: turning, labels: [] }
  }

  const answer = ask<readonly number[] | null>(
    overlay,
    "stage-mask-sheet stage-picker-sheet",
    (box, decide) => {
      cancel = () => decide(null)
      box.setAttribute("aria-label", title || "请选择")
      const head = element("div", "stage-picker-head")
      head.append(
        choice("stage-picker-cancel", "取消", cancel),
        element("span", "", title),
        choice("stage-picker-confirm", "确定", () => decide(chosen)),
      )
      const middle = element("div", "stage-picker-indicator")
      const wheels = element("div", "stage-picker-wheels")
      wheels.append(columns, middle)
      box.append(head, wheels)
    },
    null,
  )
  const mask = overlay.lastElementChild
  mask?.addEventListener("click", event => {
    if (event.target === mask) cancel()
  })
  // Wheels can be turned only where they are seen.
  draw()
  return {
    chosen: answer,
    update(next, nowChosen = chosen) {
      choices = next
      chosen = [...nowChosen]
      draw()
    },
  }
}

/** What is chosen after a column was turned: later ones stay where they were as far as that is still there. */
function follow(choices: Choices, chosen: readonly number[], column: number, index: number): number[] {
  const before = choices.columns(chosen)
  const after = chosen.map((old, place) => (place === column ? index : old))
  for (let later = column + 1; later < after.length; later += 1) {
    const old = after[later] ?? 0
    const label = before[later]?.[old]
    const labels = choices.columns(after)[later] ?? []
    if (labels[old] !== label) after[later] = nearest(labels, label ?? "", old)
  }
  return after
}

/** The 31st becomes the 30th where there is none; other cities begin with the first. */
function nearest(labels: readonly string[], label: string, old: number): number {
  const same = labels.indexOf(label)
  if (same >= 0) return same
  return /^\d/.test(label) ? Math.min(old, Math.max(0, labels.length - 1)) : 0
}

export const pickerSheetStyle = `
.stage-picker-sheet .stage-box { --stage-row: ${rowHeight}px; }
.stage-picker-head { display: flex; align-items: center; justify-content: space-between; height: 56px; font-size: 17px; }
.stage-picker-head button { height: 100%; padding: 0 24px; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
.stage-picker-head .stage-picker-confirm { color: #07c160; font-weight: 500; }
.stage-picker-wheels { position: relative; height: ${rowHeight * 5}px; margin-bottom: env(safe-area-inset-bottom); }
.stage-picker-columns { display: flex; height: 100%; padding: 0 16px; }
.stage-picker-columns [stage-wheel] > * { line-height: ${rowHeight}px; font-size: 17px; white-space: nowrap; text-overflow: ellipsis; }
`
