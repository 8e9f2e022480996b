import { builtinTags } from "../builtin-tags.ts"
import type { CompileProblem } from "../program.ts"
import { isOfPackage } from "./join-path.ts"
import { isRecord, readJsonFile } from "./json-file.ts"
import { positionAt } from "./position.ts"
import type { SourceTree } from "./source-tree.ts"

const known = new Set([
  ...builtinTags,
  // The template language's own.
  ...["block", "import", "include", "slot", "template", "wxs"],
  // Drawn as they are written, by people who come from the web.
  ...["a", "br", "div", "p", "span"],
])

/** WeChat's, and only drawn here as what is in them. */
const notSimulated = /-gesture-handler$|^xr-|^open-data-|^(list|grid)-builder$/

/**
 * Tags of a page or component that stand for nothing: neither WeChat's nor one of `usingComponents`. They are drawn
 * without a word, and look like a component that does not work.
 */
export function unknownTags(tree: SourceTree, path: string): CompileProblem[] {
  // A package is as its author left it.
  if (isOfPackage(path)) return []
  const own = new Set(["app", path].flatMap(file => namesIn(tree, `${file}.json`)))
  return tagsOf(tree, path).flatMap(({ name, line, column }) => {
    if (known.has(name) || own.has(name)) return []
    const message = notSimulated.test(name)
      ? `not simulated: <${name}>`
      : `<${name}> is no component: it is neither WeChat's nor in usingComponents`
    return [{ level: "warning", path: `${path}.wxml`, message, line, column }]
  })
}

/** Also of components that can't be found, which is a mistake of its own. */
function namesIn(tree: SourceTree, file: string): string[] {
  const { usingComponents, componentGenerics } = readJsonFile(tree, file).value ?? {}
  return [usingComponents, componentGenerics].filter(isRecord).flatMap(Object.keys)
}

interface Tag {
  readonly name: string
  readonly line: number
  readonly column: number
}

/** Every tag of a template, each once. */
function tagsOf(tree: SourceTree, path: string): readonly Tag[] {
  return tree.remember("tags", path, () => {
    const text = tree.text(`${path}.wxml`) ?? ""
    const blank = (found: string) => found.replace(/[^\n]/g, " ")
    const bare = text
      .replace(/<!--.*?-->/gs, blank)
      .replace(/(<wxs\b[^>]*>)(.*?)(?=<\/wxs>)/gs, (_, open: string, script: string) => open + blank(script))
      .replace(/\{\{.*?\}\}/gs, blank)
      .replace(/"[^"]*"|'[^']*'/g, blank)
    const tags = new Map<string, Tag>()
    for (const { 1: name = "", index } of bare.matchAll(/<([a-zA-Z][\w-]*)/g))
      if (!tags.has(name)) tags.set(name, { name, ...positionAt(text, index) })
    return [...tags.values()]
  })
}
