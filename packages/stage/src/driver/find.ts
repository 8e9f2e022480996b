/** A selector that can't be a text people read. */
const selector = /^([#.[]|wx-)/

/**
 * What a person would point at: by a selector, or by the text on it. Dialogs come before the page below.
 * @throws Error that says what is to be seen, if there is nothing
 */
export function find(document: Document, target: string): HTMLElement {
  const places = [
    document.querySelector(".stage-overlay"),
    document.querySelector(".wx-page:not([hidden])"),
    document.body,
  ]
  for (const place of places) {
    const found = place && within(place, target)
    if (found) return found
  }
  throw new Error(`"${target}" is not on the phone; there is: ${visibleText(document.body)}`)
}

function within(place: Element, target: string): HTMLElement | undefined {
  if (selector.test(target)) return [...place.querySelectorAll<HTMLElement>(target)].find(isShown)
  const saying = [...place.querySelectorAll<HTMLElement>("*")].filter(
    element => isShown(element) && visibleText(element) === target,
  )
  // The innermost: the outer ones say it only because it is in them.
  return saying.at(-1)
}

function isShown(element: Element): boolean {
  return element.closest("[hidden], style, script") === null
}

/** What is to be read in it, spaces made one. */
export function visibleText(element: Element): string {
  const texts: string[] = []
  const walk = (node: Node): void => {
    if (node.nodeType === node.TEXT_NODE) texts.push(node.textContent ?? "")
    else if (node.nodeType !== node.ELEMENT_NODE || isShown(node as Element)) {
      if (/^(DIV|P|WX-VIEW|WX-BUTTON|BUTTON|H1|H2|HEADER|NAV|LABEL)$/.test((node as Element).tagName ?? ""))
        texts.push(" ")
      for (const child of node.childNodes) walk(child)
    }
  }
  walk(element)
  return texts.join("").replace(/\s+/g, " ").trim()
}
