import type { AppConfig, CompileProblem, WindowConfig } from "../program.ts"
import { joinPath } from "./join-path.ts"
import { isRecord, type JsonFile, readJsonFile, stringsOf } from "./json-file.ts"
import type { Position } from "./position.ts"
import { readTabBar } from "./read-tab-bar.ts"
import type { SourceTree } from "./source-tree.ts"
import { lightTheme, themePath } from "./theme.ts"

export interface ReadApp {
  readonly config: AppConfig
  /** Where app.json names each page. */
  readonly places: ReadonlyMap<string, Position>
  readonly problems: readonly CompileProblem[]
}

/** Reads app.json and project.config.json. */
export function readApp(tree: SourceTree, projectFile: string): ReadApp {
  const file = readJsonFile(tree, "app.json")
  const project = readJsonFile(tree, projectFile)
  const theme = themePath(tree)
  const {
    pages: _,
    subpackages,
    subPackages,
    window,
    tabBar,
    entryPagePath,
    ...rest
  } = lightTheme(tree, file.value ?? {})
  const { places, problems } = readPages(file)
  const tabs = tabBar === undefined ? null : readTabBar(tree, tabBar, file, places)
  const entry = readEntry(file, places)
  return {
    config: {
      pages: [...places.keys()],
      entryPage: entry.page,
      window: (isRecord(window) ? window : {}) as WindowConfig,
      tabBar: tabs?.config ?? null,
      appid: typeof project.value?.appid === "string" ? project.value.appid : null,
      rest,
    },
    places,
    problems: [
      // It was there when the mini program was found.
      ...(tree.isFile("app.json") ? [] : [mistake("There is no app.json any more", { line: 1, column: 1 })]),
      ...file.problems,
      ...project.problems,
      ...(theme === null ? [] : readJsonFile(tree, theme).problems),
      ...problems,
      ...entry.problems,
      ...(tabs?.problems ?? []),
    ],
  }
}

function readPages(file: JsonFile): { places: Map<string, Position>; problems: CompileProblem[] } {
  const places = new Map<string, Position>()
  const problems: CompileProblem[] = []
  const add = (folder: string, page: string, place: Position) => {
    const path = joinPath("", page) === null ? null : joinPath("", `${folder}/${page}`)
    if (path === null) problems.push(mistake(`The page "${page}" leaves the mini program's folder`, place))
    else if (!places.has(path)) places.set(path, place)
  }
  for (const [index, page] of stringsOf(file.value?.pages).entries())
    add("", page, file.positionOf("pages", index))
  for (const key of ["subpackages", "subPackages"]) {
    const packages = file.value?.[key]
    for (const [index, { root, pages }] of (Array.isArray(packages)
      ? packages.filter(isRecord)
      : []
    ).entries())
      for (const [at, page] of stringsOf(pages).entries())
        add(typeof root === "string" ? root : "", page, file.positionOf(key, index, "pages", at))
  }
  if (places.size === 0 && file.value !== null)
    problems.push(mistake("app.json lists no pages", file.positionOf("pages")))
  return { places, problems }
}

function readEntry(
  file: JsonFile,
  places: ReadonlyMap<string, Position>,
): { page: string; problems: CompileProblem[] } {
  const first = [...places.keys()][0] ?? ""
  const named = file.value?.entryPagePath
  if (typeof named !== "string") return { page: first, problems: [] }
  const path = joinPath("", named.replace(/\.html$/, ""))
  if (path !== null && places.has(path)) return { page: path, problems: [] }
  const problem = mistake(
    `entryPagePath is no page of app.json: "${named}"`,
    file.positionOf("entryPagePath"),
  )
  return { page: first, problems: [problem] }
}

function mistake(message: string, place: Position): CompileProblem {
  return { level: "error", path: "app.json", message, ...place }
}
