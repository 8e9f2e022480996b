type Child = Node | string

/** Makes an element with attributes (`null` leaves one out) and children. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | null>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value)
  made.append(...children)
  return made
}

let count = 0

/** An input with its label above it, and an id of its own. */
export function field(
  label: string,
  attributes: Readonly<Record<string, string | null>>,
  ...beside: readonly Child[]
): { readonly row: HTMLElement; readonly label: HTMLElement; readonly input: HTMLInputElement } {
  count += 1
  const id = `denglu-${count}`
  const input = element("input", { id, part: "input", ...attributes })
  const name = element("label", { for: id }, label)
  const row = element("div", { class: "field" }, name, element("div", { class: "line" }, input, ...beside))
  return { row, label: name, input }
}
