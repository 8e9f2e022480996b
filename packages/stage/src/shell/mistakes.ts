import type { Excerpt } from "../program.ts"

export interface Mistake {
  /** `pages/index/index.wxml:3:7`, or nothing. */
  readonly place: string
  readonly message: string
  readonly excerpt?: Excerpt
}

const styles = {
  panel:
    "position:fixed;inset:auto 0 0;box-sizing:border-box;max-height:60%;overflow:auto;z-index:200;padding:14px 16px 20px;background:#2b1416;color:#ffd9d9;font:12px/1.55 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;border-top:3px solid #fa5151;border-radius:12px 12px 0 0",
  close:
    "float:right;width:32px;height:32px;margin:-8px -8px 0 8px;border:0;background:none;color:inherit;font-size:20px;cursor:pointer",
  excerpt: "margin-top:4px;padding:4px 8px;border-radius:4px;background:rgba(0,0,0,.35)",
  mark: "border-radius:2px;background:#fa5151;color:#fff",
}

let panel: HTMLElement | undefined

/** Shows them over the page, until they are dismissed. */
export function showMistakes(mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return
  panel ??= openPanel()
  for (const { place, message, excerpt } of mistakes) {
    const line = element("div", "margin:0 0 12px", "")
    line.append(element("b", "", place && `${place}\n`), message)
    if (excerpt !== undefined) line.append(drawExcerpt(excerpt))
    panel.append(line)
  }
}

function openPanel(): HTMLElement {
  const made = element("aside", styles.panel, "")
  made.setAttribute("role", "alert")
  const close = element("button", styles.close, "×")
  close.setAttribute("aria-label", "关闭")
  close.addEventListener("click", () => {
    made.remove()
    panel = undefined
  })
  made.append(close)
  document.body.append(made)
  return made
}

function drawExcerpt({ before, after }: Excerpt): HTMLElement {
  const [marked = " "] = /^(\w+|.)/.exec(after) ?? []
  const line = element("div", styles.excerpt, before.trimStart())
  line.append(element("span", styles.mark, marked), after.slice(marked.length))
  return line
}

function element(tag: string, style: string, text: string): HTMLElement {
  const made = document.createElement(tag)
  made.style.cssText = style
  made.textContent = text
  return made
}
