/** A node as mini programs write it. */
interface WrittenNode {
  readonly type?: unknown
  readonly name?: unknown
  readonly attrs?: unknown
  readonly children?: unknown
  readonly text?: unknown
}

/** What is on WeChat's list; all else goes, with what is in it. */
const tags: ReadonlySet<string> = new Set(
  `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt em
  fieldset font footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q rt ruby s section
  small span strong sub sup table tbody td tfoot th thead tr tt u ul`.split(/\s+/),
)

/** Attributes besides `class` and `style`. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  bdo: ["dir"],
  col: ["span", "width"],
  colgroup: ["span", "width"],
  font: ["color", "face", "size"],
  img: ["alt", "src", "height", "width"],
  ol: ["start", "type"],
  table: ["width"],
  td: ["colspan", "height", "rowspan", "width"],
  th: ["colspan", "height", "rowspan", "width"],
  tr: ["colspan", "height", "rowspan", "width"],
}

/** Nothing a rich text holds is deeper than this. */
const deepest = 100

/**
 * Elements for what a mini program says is rich text: nothing that runs, nothing that leads elsewhere.
 * @param nodes HTML, or an array of nodes
 * @param pictureUrl where a picture is
 */
export function safeNodes(nodes: unknown, pictureUrl: (source: string) => string): Node[] {
  if (typeof nodes === "string") {
    // Parsed in a document of its own, where nothing is loaded or run.
    const { body } = new DOMParser().parseFromString(nodes, "text/html")
    return [...body.childNodes].flatMap(node => fromParsed(node, pictureUrl, 0))
  }
  return listOf(nodes).flatMap(node => fromWritten(node, pictureUrl, 0))
}

function fromParsed(node: Node, pictureUrl: (source: string) => string, depth: number): Node[] {
  if (node.nodeType === node.TEXT_NODE) return [document.createTextNode(node.textContent ?? "")]
  if (node.nodeType !== node.ELEMENT_NODE) return []
  const { localName, attributes: written } = node as Element
  const values = Object.fromEntries([...written].map(({ name, value }) => [name, value]))
  return safeElement(localName, values, pictureUrl, () =>
    depth > deepest ? [] : [...node.childNodes].flatMap(child => fromParsed(child, pictureUrl, depth + 1)),
  )
}

function fromWritten(node: unknown, pictureUrl: (source: string) => string, depth: number): Node[] {
  if (typeof node !== "object" || node === null) return []
  const { type, name, attrs, children, text } = node as WrittenNode
  if (type === "text" || (name === undefined && text !== undefined))
    return [document.createTextNode(decoded(String(text ?? "")))]
  const values = typeof attrs === "object" && attrs !== null ? (attrs as Record<string, unknown>) : {}
  return safeElement(String(name).toLowerCase(), values, pictureUrl, () =>
    depth > deepest ? [] : listOf(children).flatMap(child => fromWritten(child, pictureUrl, depth + 1)),
  )
}

function safeElement(
  tag: string,
  values: Readonly<Record<string, unknown>>,
  pictureUrl: (source: string) => string,
  children: () => Node[],
): Node[] {
  if (!tags.has(tag)) return []
  const element = document.createElement(tag)
  for (const name of ["class", "style", ...(attributes[tag] ?? [])]) {
    const value = values[name]
    if (value === undefined || value === null) continue
    if (name !== "src") element.setAttribute(name, String(value))
    else if (isPicture(String(value))) element.setAttribute("src", pictureUrl(String(value)))
  }
  element.append(...children())
  return [element]
}

/** A path, or an address of a kind that can only be a picture's. */
function isPicture(source: string): boolean {
  const [, scheme] = /^\s*([a-z][a-z0-9+.-]*):/i.exec(source) ?? []
  return scheme === undefined || /^(https?|wxfile|blob)$/i.test(scheme) || /^data:image\//i.test(source)
}

/** What stands for a character in a text node. */
function decoded(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    nbsp: "\u00a0",
    lt: "<",
    gt: ">",
    amp: "&",
    quot: '"',
    apos: "'",
    ensp: "\u2002",
    emsp: "\u2003",
  }
  return text.replace(/&(\w+);/g, (entity, name: string) => characters[name] ?? entity)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
