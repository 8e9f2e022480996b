/** A new element. @param text what is written in it */
export function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}
