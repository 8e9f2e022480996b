import { Script } from "node:vm"
import type { TmplGroup } from "glass-easel-template-compiler"
import type { CompileProblem } from "../program.ts"
import { compileWxs } from "./compile-wxs.ts"
import { walkPath } from "./join-path.ts"
import { type Position, positionAt } from "./position.ts"
import type { SourceTree } from "./source-tree.ts"
import { withTemplateGroup } from "./template-group.ts"
import type { Wanted } from "./wanted.ts"

export interface CompiledTemplate {
  /** JavaScript: an expression, in the template compiler's own surroundings. */
  readonly code: string
  readonly templates: readonly Wanted[]
  readonly scripts: readonly Wanted[]
  readonly problems: readonly CompileProblem[]
}

/** What the compiler's addTmpl answers, by its source; it counts from 0. */
interface TemplateWarning {
  readonly isError: boolean
  readonly message: string
  readonly startLine: number
  readonly startColumn: number
}

/**
 * Only a template with a script lets the stage wrap its event handlers. It has to be in the source: a script that is
 * set later shifts the names of `item` and `index`. It stands at the end, where it moves no line.
 */
const noScript = '<wxs module="__stage__"></wxs>'

/** Compiles a template. @param path without `.wxml` */
export function compileTemplate(tree: SourceTree, path: string): CompiledTemplate {
  return tree.remember("template", path, () => {
    const text = tree.text(`${path}.wxml`) ?? ""
    try {
      const compiled = withTemplateGroup(group => compileIn(group, path, text))
      // One template that is no JavaScript would keep all of them from running.
      new Script(`(${compiled.code})`)
      return compiled
    } catch (error) {
      const message = `The template could not be compiled: ${error instanceof Error ? error.message : error}`
      const problem: CompileProblem = { level: "error", path: `${path}.wxml`, message }
      return { code: emptyTemplate(path), templates: [], scripts: [], problems: [problem] }
    }
  })
}

/** What stands for a template that is not there. */
export function emptyTemplate(path: string): string {
  return withTemplateGroup(group => {
    group.addTmpl(path, "")
    return group.getTmplGenObject(path)
  })
}

function compileIn(group: TmplGroup, path: string, text: string): CompiledTemplate {
  const warnings = group.addTmpl(path, text) as readonly TemplateWarning[]
  const inline = compileInlineScripts(group, path, text)
  if (group.getScriptDependencies(path).length + group.getInlineScriptModuleNames(path).length === 0)
    group.addTmpl(path, text + noScript)
  const tags = sourceTags(path, text)
  return {
    code: group.getTmplGenObject(path),
    templates: wanted(group.getDirectDependencies(path), tags, ".wxml"),
    scripts: [...wanted(group.getScriptDependencies(path), tags, ".wxs"), ...inline.required],
    problems: [
      ...mistakesIn(warnings).map(warning => problemOf(`${path}.wxml`, warning)),
      ...inline.problems,
    ],
  }
}

/** Where the compiler could not read on, the tags that were open have no end for it. That is not told as well. */
function mistakesIn(warnings: readonly TemplateWarning[]): readonly TemplateWarning[] {
  const lines = warnings.filter(({ isError }) => isError).map(({ startLine }) => startLine)
  const last = Math.max(...lines)
  return warnings.filter(
    ({ isError, message, startLine }) => isError || !/end tag/.test(message) || startLine > last,
  )
}

function problemOf(
  path: string,
  { isError, message, startLine, startColumn }: TemplateWarning,
): CompileProblem {
  return { level: isError ? "error" : "warning", path, message, line: startLine + 1, column: startColumn + 1 }
}

function compileInlineScripts(
  group: TmplGroup,
  path: string,
  text: string,
): { required: Wanted[]; problems: CompileProblem[] } {
  const required: Wanted[] = []
  const problems: CompileProblem[] = []
  for (const name of group.getInlineScriptModuleNames(path) as readonly string[]) {
    const script = group.getInlineScript(path, name)
    const start = positionAt(text, Math.max(0, text.indexOf(`>${script}<`) + 1))
    const shift = ({ line, column }: { line: number; column?: number | undefined }) => ({
      line: line + start.line - 1,
      column: (column ?? 1) + (line === 1 ? start.column - 1 : 0),
    })
    const compiled = compileWxs(path, script)
    group.setInlineScript(path, name, compiled.code)
    for (const { path, failure, ...place } of compiled.required)
      required.push({ path, failure, ...shift(place) })
    for (const { message, ...place } of compiled.mistakes)
      problems.push({ level: "error", path: `${path}.wxml`, message, ...shift(place) })
  }
  return { required, problems }
}

interface SourceTag extends Position {
  readonly reference: string
  readonly path: string
  readonly leaves: boolean
}

/** The tags with a `src` to another template or script. */
function sourceTags(path: string, text: string): SourceTag[] {
  const bare = text.replace(/<!--.*?-->/gs, comment => comment.replace(/[^\n]/g, " "))
  const tags = bare.matchAll(/<(?:import|include|wxs)\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')/g)
  return [...tags].map(tag => {
    const reference = tag[1] ?? tag[2] ?? ""
    return { reference, ...walkPath(path, reference), ...positionAt(text, tag.index) }
  })
}

/** The paths that the template compiler found, with the places they were written at. */
function wanted(found: readonly string[], tags: readonly SourceTag[], extension: string): Wanted[] {
  return [...new Set(found)].map(path => {
    const tag = tags.find(tag => tag.path === path || tag.path === path + extension)
    const failure = tag?.leaves ? `"${tag.reference}" leaves the mini program's folder` : null
    return { path, failure, line: tag?.line ?? 1, column: tag?.column ?? 1 }
  })
}
