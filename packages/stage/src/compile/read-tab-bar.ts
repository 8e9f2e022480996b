import type { CompileProblem, TabBarConfig, TabConfig } from "../program.ts"
import { joinPath } from "./join-path.ts"
import { isRecord, type JsonFile } from "./json-file.ts"
import type { Position } from "./position.ts"
import type { SourceTree } from "./source-tree.ts"

/** WeChat asks for the colours; these are for a mini program that forgot them. */
const usualColors = { color: "#7f7f7f", selectedColor: "#07c160", backgroundColor: "#ffffff" }

/** @param tabBar of app.json */
export function readTabBar(
  tree: SourceTree,
  tabBar: unknown,
  file: JsonFile,
  pages: ReadonlyMap<string, Position>,
): { config: TabBarConfig | null; problems: CompileProblem[] } {
  const problems: CompileProblem[] = []
  const report = (level: CompileProblem["level"], message: string, ...keys: (string | number)[]) =>
    problems.push({ level, path: "app.json", message, ...file.positionOf("tabBar", ...keys) })
  const given = isRecord(tabBar) && Array.isArray(tabBar.list) ? tabBar.list : null
  if (given === null || !isRecord(tabBar)) {
    report("error", "tabBar needs a list of tabs")
    return { config: null, problems }
  }
  if (given.length < 2 || given.length > 5)
    report("error", `tabBar has 2 to 5 tabs, not ${given.length}`, "list")

  const list: TabConfig[] = []
  for (const [index, tab] of given.entries()) {
    const pagePath = isRecord(tab) && typeof tab.pagePath === "string" ? joinPath("", tab.pagePath) : null
    if (!isRecord(tab) || pagePath === null || !pages.has(pagePath)) {
      report("error", "A tab's pagePath is one of the pages of app.json", "list", index, "pagePath")
      continue
    }
    list.push({
      pagePath,
      text: typeof tab.text === "string" ? tab.text : "",
      ...icon("iconPath", tab, index),
      ...icon("selectedIconPath", tab, index),
    })
  }
  const color = (name: keyof typeof usualColors) =>
    typeof tabBar[name] === "string" ? tabBar[name] : usualColors[name]
  return {
    config: {
      color: color("color"),
      selectedColor: color("selectedColor"),
      backgroundColor: color("backgroundColor"),
      borderStyle: tabBar.borderStyle === "white" ? "white" : "black",
      custom: tabBar.custom === true,
      list,
    },
    problems,
  }

  function icon(
    name: "iconPath" | "selectedIconPath",
    tab: Readonly<Record<string, unknown>>,
    index: number,
  ) {
    const path = typeof tab[name] === "string" ? joinPath("", tab[name]) : ""
    if (path === "") return {}
    if (path !== null && tree.isFile(path)) return { [name]: path }
    report("warning", `No such file: "${tab[name]}"`, "list", index, name)
    return {}
  }
}
