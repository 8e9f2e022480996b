import { element } from "./element.ts"

/** A layer above the page, there until somebody decides. @param content draws it */
export function ask<Choice>(
  overlay: HTMLElement,
  className: string,
  content: (box: HTMLElement, decide: (choice: Choice) => void) => void,
  cancelled: Choice,
): Promise<Choice> {
  return new Promise(resolve => {
    const before = document.activeElement as HTMLElement | null
    const mask = element("div", `stage-mask ${className}`)
    const box = element("div", "stage-box")
    box.setAttribute("role", "dialog")
    box.setAttribute("aria-modal", "true")
    const decide = (choice: Choice) => {
      mask.remove()
      before?.focus()
      resolve(choice)
    }
    content(box, decide)
    mask.append(box)
    mask.addEventListener("keydown", event => {
      if (event.key === "Escape") decide(cancelled)
    })
    overlay.append(mask)
    box.querySelector<HTMLElement>("input, button:last-of-type")?.focus()
  })
}

/** A button that decides. */
export function choice(className: string, text: string, decide: () => void): HTMLElement {
  const button = element("button", className, text)
  button.addEventListener("click", decide)
  return button
}
