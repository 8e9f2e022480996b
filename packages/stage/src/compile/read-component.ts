import type { CompileProblem, ComponentJson } from "../program.ts"
import { isRecord, type JsonFile, readJsonFile } from "./json-file.ts"
import type { Position } from "./position.ts"
import type { Project } from "./project.ts"
import { resolveComponent } from "./resolve-reference.ts"
import { isStyleIsolation, scriptIsolation } from "./style-isolation.ts"
import { lightTheme } from "./theme.ts"

/** A page or a component as its JSON describes it. */
export interface ReadComponent {
  readonly json: ComponentJson
  /** Its script's file, `null` if there is none. */
  readonly script: string | null
  /** Components it may show, by path. */
  readonly used: readonly string[]
  readonly problems: readonly CompileProblem[]
}

export function readComponent(project: Project, path: string, isPage: boolean): ReadComponent {
  const { tree, aliases } = project
  return tree.remember(`component ${isPage} ${JSON.stringify(aliases)}`, path, () => {
    const file = readJsonFile(tree, `${path}.json`)
    const problems = [...file.problems]
    const script = [".ts", ".js"].map(extension => path + extension).find(name => tree.isFile(name)) ?? null
    const { component, styleIsolation: _, ...rest } = lightTheme(project.tree, file.value ?? {})
    if (!isPage && component !== true && file.problems.length === 0)
      problems.push(notDeclared(tree.isFile(`${path}.json`), path))
    const own = usingComponents(project, `${path}.json`, file)
    const app = usingComponents(project, "app.json", readJsonFile(tree, "app.json"))
    const generics = componentGenerics(project, path, file)
    const styleIsolation = isolationOf(project, path, script, file)
    const json = {
      ...rest,
      ...(!isPage && { component: true }),
      usingComponents: { ...app.components, ...own.components },
      ...(isRecord(rest.componentGenerics) && { componentGenerics: generics.value }),
      ...(styleIsolation.value !== undefined && { styleIsolation: styleIsolation.value }),
    } as ComponentJson
    return {
      json,
      script,
      used: [...new Set([...Object.values(json.usingComponents), ...generics.used])],
      problems: [...problems, ...own.problems, ...generics.problems, ...styleIsolation.problems],
    }
  })
}

function notDeclared(hasJson: boolean, path: string): CompileProblem {
  const message = hasJson
    ? 'A component says so in its JSON: "component": true'
    : 'A component has a JSON file with "component": true'
  return { level: "warning", path: `${path}.json`, message, ...(hasJson && { line: 1, column: 1 }) }
}

/** The components that a JSON file names, by tag; those that are not there become problems. */
export function usingComponents(
  project: Project,
  path: string,
  { value, positionOf }: JsonFile,
): { components: Record<string, string>; problems: CompileProblem[] } {
  const components: Record<string, string> = {}
  const problems: CompileProblem[] = []
  for (const [tag, reference] of Object.entries(
    isRecord(value?.usingComponents) ? value.usingComponents : {},
  )) {
    const found = componentAt(project, path, reference, positionOf("usingComponents", tag))
    if ("problem" in found) problems.push(found.problem)
    else components[tag] = found.path
  }
  return { components, problems }
}

function componentGenerics(
  project: Project,
  path: string,
  { value, positionOf }: JsonFile,
): { value: unknown; used: string[]; problems: CompileProblem[] } {
  const generics = isRecord(value?.componentGenerics) ? value.componentGenerics : {}
  const used: string[] = []
  const problems: CompileProblem[] = []
  const entries = Object.entries(generics).map(([name, generic]) => {
    if (!isRecord(generic) || generic.default === undefined) return [name, generic] as const
    const place = positionOf("componentGenerics", name, "default")
    const found = componentAt(project, `${path}.json`, generic.default, place)
    if ("problem" in found) problems.push(found.problem)
    else used.push(found.path)
    return [name, "problem" in found ? true : { default: found.path }] as const
  })
  return { value: Object.fromEntries(entries), used, problems }
}

function componentAt(
  project: Project,
  path: string,
  reference: unknown,
  place: Position,
): { path: string } | { problem: CompileProblem } {
  if (typeof reference !== "string")
    return {
      problem: { level: "error", path, message: "A component is named by its path, a string", ...place },
    }
  if (/^(?:plugin|plugin-private|ext):\/\//.test(reference)) {
    const message = `Components of plugins are not simulated: "${reference}"`
    return { problem: { level: "warning", path, message, ...place } }
  }
  const resolved = resolveComponent(project, path, reference)
  if ("path" in resolved) return resolved
  return { problem: { level: "error", path, message: `No component: ${resolved.failure}`, ...place } }
}

function isolationOf(
  { tree }: Project,
  path: string,
  script: string | null,
  { value, positionOf }: JsonFile,
): { value: string | undefined; problems: CompileProblem[] } {
  const written = value?.styleIsolation
  if (isStyleIsolation(written)) return { value: written, problems: [] }
  const fromScript = script === null ? undefined : scriptIsolation(tree, script)
  if (written === undefined) return { value: fromScript, problems: [] }
  const message = `styleIsolation has no value ${JSON.stringify(written)}`
  const place = positionOf("styleIsolation")
  return { value: fromScript, problems: [{ level: "warning", path: `${path}.json`, message, ...place }] }
}
