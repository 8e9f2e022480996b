import type { CompileProblem } from "../program.ts"
import { compileTemplate, emptyTemplate } from "./compile-template.ts"
import { type CompiledWxs, compileWxs } from "./compile-wxs.ts"
import type { SourceTree } from "./source-tree.ts"
import { withTemplateGroup } from "./template-group.ts"
import type { Wanted } from "./wanted.ts"

/**
 * The templates, and all that they import, include and require, as one JavaScript expression.
 * @param components paths of pages and components; one without a template gets an empty one
 */
export function collectTemplates(
  tree: SourceTree,
  components: readonly string[],
): { templates: string; problems: CompileProblem[] } {
  const problems: CompileProblem[] = []
  const templates = new Map<string, string>()
  const scripts = new Map<string, string>()

  function addTemplate(path: string): void {
    if (templates.has(path)) return
    if (!tree.isFile(`${path}.wxml`)) {
      templates.set(path, emptyTemplate(path))
      return
    }
    const compiled = compileTemplate(tree, path)
    templates.set(path, compiled.code)
    problems.push(...compiled.problems)
    for (const wanted of compiled.templates)
      if (isThere(wanted, ".wxml", `${path}.wxml`)) addTemplate(wanted.path)
    for (const wanted of compiled.scripts) addScript(wanted, `${path}.wxml`)
  }

  function addScript(wanted: Wanted, from: string): void {
    const { path } = wanted
    const there = isThere(wanted, ".wxs", from)
    if (scripts.has(path)) return
    const { code, required, mistakes } = there
      ? readScript(tree, path)
      : { code: "", required: [], mistakes: [] }
    // One that is missing is empty: the templates would not run without it.
    scripts.set(path, scriptEntry(path, code))
    for (const mistake of mistakes) problems.push({ level: "error", path: `${path}.wxs`, ...mistake })
    for (const next of required) addScript(next, `${path}.wxs`)
  }

  function isThere({ path, failure, line, column }: Wanted, extension: string, from: string): boolean {
    if (failure === null && tree.isFile(path + extension)) return true
    const message = failure ?? `No such file: ${path}${extension}`
    problems.push({ level: "error", path: from, message, line, column })
    return false
  }

  for (const path of components) addTemplate(path)
  return { templates: expression(templates, scripts), problems }
}

function readScript(tree: SourceTree, path: string): CompiledWxs {
  return tree.remember("wxs", path, () => compileWxs(path, tree.text(`${path}.wxs`) ?? ""))
}

function scriptEntry(path: string, code: string): string {
  return withTemplateGroup(group => {
    group.addScript(path, code)
    return group.exportAllScripts()
  })
}

/** What getTmplGenObjectGroups() of one group with everything in it answers, put together from what was kept. */
function expression(templates: ReadonlyMap<string, string>, scripts: ReadonlyMap<string, string>): string {
  const entries = [...templates].map(([path, code]) => `G[${JSON.stringify(path)}]=${code};`)
  return `(()=>{var G={};var R={};${runtime()};${[...scripts.values()].join(";\n")};\n${entries.join("\n")}return G})()`
}

/** What WXS has in place of `new RegExp` and `new Date`. */
const wxsGlobals =
  "var getRegExp=(pattern,flags)=>new RegExp(pattern,flags);var getDate=(...of)=>new Date(...of);"

let knownRuntime: string | undefined

/** The compiler's own functions around templates; those around scripts are in it only if there is a script. */
function runtime(): string {
  knownRuntime ??= withTemplateGroup(group => {
    group.addScript("any", "")
    return `${group.getRuntimeString()};${wxsGlobals}`
  })
  return knownRuntime
}
