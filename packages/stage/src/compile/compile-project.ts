import type { AppConfig, CompileProblem, ComponentSource, Program } from "../program.ts"
import { collectModules } from "./collect-modules.ts"
import { collectTemplates } from "./collect-templates.ts"
import { moduleKey } from "./compile-module.ts"
import { compileStyle } from "./compile-style.ts"
import { withExcerpt } from "./excerpt.ts"
import { findRoot } from "./find-root.ts"
import { joinPath } from "./join-path.ts"
import { isRecord, readJsonFile } from "./json-file.ts"
import type { Project } from "./project.ts"
import { type ReadApp, readApp } from "./read-app.ts"
import { type ReadComponent, readComponent, usingComponents } from "./read-component.ts"
import { styleScopeOf } from "./style-isolation.ts"
import { unknownTags } from "./unknown-tags.ts"

export interface CompileOptions {
  /** Conditions of package.json's `exports` by which a package is taken from its sources. Default is none. */
  readonly conditions?: readonly string[]
}

/** Compiles the same mini program again and again, and only what changed of it. */
export interface Compiler {
  /** The same object as before if nothing changed. A mistake in the mini program is one of its `problems`. */
  compile(): Promise<Program>
  /** Where a file of the mini program is on the disk, by its path from the root; `null` if it is not one. */
  file(path: string): string | null
}

/**
 * Compiles the mini program in a folder. A mistake in it is one of the program's `problems`.
 * @param root the folder with app.json, or with a project.config.json that leads there
 * @throws Error if there is no app.json
 */
export async function compileProject(root: string, options?: CompileOptions): Promise<Program> {
  return createCompiler(root, options).compile()
}

/**
 * @param root the folder with app.json, or with a project.config.json that leads there
 * @throws Error if there is no app.json
 */
export function createCompiler(root: string, { conditions = [] }: CompileOptions = {}): Compiler {
  const { tree, projectFile } = findRoot(root)

  function program(): Program {
    const project = {
      tree,
      conditions,
      aliases: aliasesOf(readJsonFile(tree, "app.json").value?.resolveAlias),
    }
    return assemble(project, readApp(tree, projectFile))
  }

  return {
    async compile() {
      tree.refresh()
      return tree.remember("program", "app.json", program)
    },
    file(path) {
      tree.refresh()
      const inside = joinPath("", path)
      return inside !== null && tree.isFile(inside) ? tree.absolute(inside) : null
    },
  }
}

function aliasesOf(resolveAlias: unknown): Record<string, string> {
  const entries = isRecord(resolveAlias) ? Object.entries(resolveAlias) : []
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  )
}

function assemble(project: Project, app: ReadApp): Program {
  const { tree } = project
  const problems = [...app.problems]
  const found = collectComponents(project, app, problems)
  const components: Record<string, ComponentSource> = {}
  for (const [path, { json, script }] of found) {
    const styleScope = styleScopeOf(path, json)
    const component = app.places.has(path) ? null : path
    const { style, problems: mistakes } = compileStyle(tree, `${path}.wxss`, { component, scope: styleScope })
    components[path] = { module: script === null ? null : moduleKey(script), json, style, styleScope }
    problems.push(...mistakes, ...unknownTags(tree, path))
  }
  const appStyle = compileStyle(tree, "app.wxss", { component: null, scope: null })
  const appScript = ["app.ts", "app.js"].filter(name => tree.isFile(name)).slice(0, 1)
  if (appScript.length === 0)
    problems.push({ level: "warning", path: "app.js", message: "There is no app.js and no app.ts" })
  const scripts = [...found.values()].map(({ script }) => script).filter(script => script !== null)
  const { modules, problems: moduleProblems } = collectModules(project, [...appScript, ...scripts])
  const { templates, problems: templateProblems } = collectTemplates(tree, [...found.keys()])
  problems.push(...appStyle.problems, ...moduleProblems, ...templateProblems)
  return {
    app: app.config,
    components,
    templates,
    modules,
    appStyle: appStyle.style,
    problems: inOrder(problems).map(problem => withExcerpt(tree, problem)),
  }
}

/** Pages, and the components they reach through `usingComponents`. */
function collectComponents(
  project: Project,
  { config, places }: ReadApp,
  problems: CompileProblem[],
): Map<string, ReadComponent> {
  const { tree } = project
  const app = usingComponents(project, "app.json", readJsonFile(tree, "app.json"))
  problems.push(...app.problems)
  const found = new Map<string, ReadComponent>()
  const waiting = new Set([...places.keys(), ...Object.values(app.components), ...customTabBar(config)])
  for (const path of waiting) {
    const component = readComponent(project, path, places.has(path))
    found.set(path, component)
    problems.push(...component.problems, ...missingFiles(project, path, component, places))
    for (const used of component.used) waiting.add(used)
  }
  return found
}

/** WeChat looks for it there, without being told. */
function customTabBar({ tabBar }: AppConfig): string[] {
  return tabBar?.custom ? ["custom-tab-bar/index"] : []
}

function missingFiles(
  { tree }: Project,
  path: string,
  { script }: ReadComponent,
  places: ReadApp["places"],
): CompileProblem[] {
  const place = places.get(path)
  const where = place === undefined ? { path: `${path}.json` } : { path: "app.json", ...place }
  const what = place === undefined ? "component" : "page"
  const missing = [
    ...(tree.isFile(`${path}.wxml`) ? [] : [`${path}.wxml`]),
    ...(script ? [] : [`${path}.js`]),
  ]
  return missing.map(file => ({ level: "error", message: `The ${what} ${path} has no ${file}`, ...where }))
}

/** File by file from the top; a style sheet that several import says it once. */
function inOrder(problems: readonly CompileProblem[]): CompileProblem[] {
  const unique = new Map(problems.map(problem => [JSON.stringify(Object.entries(problem).sort()), problem]))
  return [...unique.values()].sort(
    (a, b) =>
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  )
}
