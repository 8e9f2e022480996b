export interface Mistake {
  /** `pages/index/index.wxml:3:7`, or nothing. */
  readonly place: string
  readonly message: string
}

let panel: HTMLElement | undefined

/** Shows them over the page, until they are dismissed. */
export function showMistakes(mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return
  if (panel === undefined) {
    panel = document.createElement("aside")
    panel.setAttribute("role", "alert")
    panel.style.cssText =
      "position:fixed;inset:auto 0 0;max-height:60%;overflow:auto;z-index:200;padding:12px 16px;background:#2b1416;color:#ffd9d9;font:12px/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;border-top:3px solid #fa5151"
    const close = document.createElement("button")
    close.textContent = "×"
    close.setAttribute("aria-label", "关闭")
    close.style.cssText = "float:right;border:0;background:none;color:inherit;font-size:20px;cursor:pointer"
    close.addEventListener("click", () => {
      panel?.remove()
      panel = undefined
    })
    panel.append(close)
    document.body.append(panel)
  }
  for (const { place, message } of mistakes) {
    const line = document.createElement("p")
    line.style.margin = "0 0 8px"
    const where = document.createElement("b")
    where.textContent = place && `${place}\n`
    line.append(where, message)
    panel.append(line)
  }
}
