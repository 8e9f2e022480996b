import postcss, { type AtRule, CssSyntaxError, type Declaration, type Rule } from "postcss"
import type { CompileProblem } from "../program.ts"
import { isOfPackage, joinPath } from "./join-path.ts"
import type { Position } from "./position.ts"
import { rpxToVw } from "./rpx.ts"
import type { SourceTree } from "./source-tree.ts"
import { inLightMode } from "./theme.ts"
import { type StyleOwner, writeSelector } from "./write-selector.ts"

/** A style sheet as written for its owner: CSS, and imports where they stand between. */
interface Sheet {
  readonly parts: readonly (string | StyleImport)[]
  readonly problems: readonly CompileProblem[]
}

interface StyleImport {
  readonly path: string
  /** Media queries the import is for, `""` for all. */
  readonly media: string
  readonly place: Position
}

/** Where the page finds a file of the mini program, relative to the page. */
const fileFolder = "file/"

const byClassOnly = "A component's styles are by class only"

/** More imports than any mini program has: sheets that import each other in a fan grow without end. */
const mostImports = 1000

/** A .wxss file with all it imports, as CSS for a browser; `null` if there is none. */
export function compileStyle(
  tree: SourceTree,
  path: string,
  owner: StyleOwner,
): { style: string | null; problems: readonly CompileProblem[] } {
  return tree.remember(`style ${JSON.stringify(owner)}`, path, () => {
    if (!tree.isFile(path)) return { style: null, problems: [] }
    const problems: CompileProblem[] = []
    let imports = 0

    function inline(sheetPath: string, above: readonly string[]): string {
      const sheet = compileSheet(tree, sheetPath, owner)
      problems.push(...sheet.problems)
      return sheet.parts
        .map(part => (typeof part === "string" ? part : imported(part, [...above, sheetPath])))
        .join("")
    }

    function imported({ path: target, media, place }: StyleImport, above: readonly string[]): string {
      const report = (message: string) =>
        problems.push({ level: "error", path: above.at(-1) ?? path, message, ...place })
      const cycle = above.includes(target)
      if (cycle) report(`Imports itself: ${[...above.slice(above.indexOf(target)), target].join(" → ")}`)
      else if (!tree.isFile(target)) report(`No such file: ${target}`)
      else if (++imports > mostImports) report(`More than ${mostImports} imports`)
      else return media === "" ? inline(target, above) : `@media ${media} {\n${inline(target, above)}}\n`
      return ""
    }

    return { style: inline(path, []), problems }
  })
}

function compileSheet(tree: SourceTree, path: string, owner: StyleOwner): Sheet {
  return tree.remember(`sheet ${JSON.stringify(owner)}`, path, () => {
    try {
      const parts: (string | StyleImport)[] = []
      const problems: CompileProblem[] = []
      const root = postcss.parse(tree.text(path) ?? "")
      root.walk(node => {
        if (node.type === "decl") writeDeclaration(tree, path, node, problems)
        else if (node.type === "rule") writeRule(path, node, owner, problems)
        else if (node.type === "atrule") node.params = inLightMode(rpxToVw(node.params))
      })
      for (const node of root.nodes) {
        if (node.type === "atrule" && node.name === "import") parts.push(...readImport(path, node, problems))
        else parts.push(`${node.toString()}\n`)
      }
      return { parts, problems }
    } catch (error) {
      const {
        reason: message,
        line = 1,
        column = 1,
      } = error instanceof CssSyntaxError ? error : { reason: `The style sheet could not be read: ${error}` }
      return { parts: [], problems: [{ level: "error", path, message, line, column }] }
    }
  })
}

function readImport(path: string, node: AtRule, problems: CompileProblem[]): StyleImport[] {
  const [, , quoted, bare, media = ""] =
    /^(?:url\(\s*)?(?:(["'])(.*?)\1|([^\s"')]+))\s*\)?\s*(.*)$/s.exec(node.params) ?? []
  const reference = quoted ?? bare ?? ""
  const place = { line: node.source?.start?.line ?? 1, column: node.source?.start?.column ?? 1 }
  const refuse = (message: string) => {
    problems.push({ level: "error", path, message, ...place })
    return []
  }
  if (reference === "") return refuse("@import names a file")
  if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(reference))
    return refuse(`Only files are imported, not "${reference}"`)
  const target = joinPath(path, reference)
  if (target === null) return refuse(`"${reference}" leaves the mini program's folder`)
  return [{ path: target, media, place }]
}

function writeRule(path: string, rule: Rule, owner: StyleOwner, problems: CompileProblem[]): void {
  const around = rule.parent
  if (around?.type === "atrule" && /keyframes$/i.test((around as AtRule).name)) return
  try {
    const { text, warned } = writeSelector(rule.selector, owner)
    rule.selector = text
    const [first] = warned
    const told = problems.some(({ message }) => message.startsWith(byClassOnly))
    if (first !== undefined && !told && !isOfPackage(path)) {
      const message = `${byClassOnly}, not "${first.name}": it would reach other components`
      problems.push({ level: "warning", path, message, ...placeIn(rule, { index: first.index }) })
    }
  } catch (error) {
    const message = `No selector: ${rule.selector} (${error instanceof Error ? error.message.split("\n")[0] : error})`
    problems.push({ level: "error", path, message, ...placeIn(rule, { index: 0 }) })
    rule.remove()
  }
}

function writeDeclaration(
  tree: SourceTree,
  path: string,
  declaration: Declaration,
  problems: CompileProblem[],
): void {
  declaration.value = rpxToVw(declaration.value).replace(
    /url\(\s*(?:(["'])(.*?)\1|([^"')\s]*))\s*\)/gi,
    (whole: string, _quote: string, quoted: string | undefined, bare: string | undefined) => {
      const reference = quoted ?? bare ?? ""
      if (reference === "" || /^(?:[a-z][a-z+.-]*:|\/\/|#)/i.test(reference)) return whole
      const report = (level: CompileProblem["level"], message: string) =>
        problems.push({ level, path, message, ...placeIn(declaration, { word: reference }) })
      const [, name = "", query = ""] = /^([^?#]*)(.*)$/s.exec(reference) ?? []
      const target = joinPath(path, name)
      if (target === null) {
        report("error", `"${reference}" leaves the mini program's folder`)
        return 'url("")'
      }
      if (!tree.isFile(target)) report("warning", `No such file: ${target}`)
      else
        report(
          "warning",
          `WeChat shows no local files from WXSS: use an image tag, base64 or https for ${target}`,
        )
      return `url("${fileFolder}${encodeURI(target).replace(/[?#"]/g, encodeURIComponent)}${query}")`
    },
  )
}

function placeIn(
  node: Rule | Declaration,
  at: { readonly index: number } | { readonly word: string },
): Position {
  const { line, column } = node.positionBy(at)
  return { line, column }
}
