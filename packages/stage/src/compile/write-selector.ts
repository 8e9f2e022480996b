import selectorParser, { type Node } from "postcss-selector-parser"

/** Whose rules a style sheet holds. */
export interface StyleOwner {
  /** Path of the component; `null` for pages and the app. */
  readonly component: string | null
  /** What stands before `--` in its class names; `null` where it shares the app's. */
  readonly scope: string | null
}

export interface WrittenSelector {
  readonly text: string
  /** What WeChat's tools warn of in a component, with its place in the selector, from 0. */
  readonly warned: readonly { readonly name: string; readonly index: number }[]
}

/** A rule's selector as the page needs it. @throws Error if it is no selector */
export function writeSelector(selector: string, owner: StyleOwner): WrittenSelector {
  const warned: { name: string; index: number }[] = []
  const root = selectorParser().astSync(selector)
  root.walk(node => {
    const counted = node.type === "tag" && isInNth(node)
    if (!counted && (node.type === "tag" || node.type === "id" || node.type === "attribute"))
      warned.push({ name: String(node).trim(), index: node.sourceIndex })
    if (node.type === "tag" && !counted) node.value = elementOf(node.value)
    if (node.type === "class" && owner.scope !== null) node.value = `${owner.scope}--${node.value}`
    if (node.type === "pseudo" && node.value === ":host" && owner.component !== null)
      node.value = hostOf(owner) + (node.nodes.length > 0 ? ":is" : "")
  })
  return { text: root.toString(), warned: owner.component === null ? [] : warned }
}

/** The parser takes the `2n` of `:nth-child(2n)` for a tag. */
function isInNth(node: Node): boolean {
  const around = node.parent?.parent
  return around?.type === "pseudo" && /^:nth-/i.test(around.value)
}

function elementOf(tag: string): string {
  if (tag === "page") return ".wx-page"
  return tag === "html" || tag === "body" ? tag : `wx-${tag}`
}

/** glass-easel marks the host of a component with a scope of its own; one without is found by its path. */
function hostOf({ component, scope }: StyleOwner): string {
  return scope === null ? `[is="${component}"]` : `[wx-host="${scope}"]`
}
