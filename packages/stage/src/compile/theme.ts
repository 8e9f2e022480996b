import { joinPath } from "./join-path.ts"
import { isRecord, readJsonFile } from "./json-file.ts"
import type { SourceTree } from "./source-tree.ts"

/** The path of theme.json, `null` if the mini program has none. */
export function themePath(tree: SourceTree): string | null {
  const location = readJsonFile(tree, "app.json").value?.themeLocation
  return typeof location === "string" ? joinPath("", location) : null
}

/** A configuration with its variables, as `@navBackground`, replaced by what theme.json gives them in light mode. */
export function lightTheme<T>(tree: SourceTree, config: T): T {
  const path = themePath(tree)
  const light = path === null ? undefined : readJsonFile(tree, path).value?.light
  return isRecord(light) ? (replaced(config, light) as T) : config
}

function replaced(value: unknown, light: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string") return value.startsWith("@") ? (light[value.slice(1)] ?? value) : value
  if (Array.isArray(value)) return value.map(entry => replaced(entry, light))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaced(entry, light)]))
}

/** A media query as a phone in light mode answers it, whatever the machine around it prefers. */
export function inLightMode(query: string): string {
  return query.replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, mode: string) =>
    mode.toLowerCase() === "light" ? "(min-width: 0)" : "(max-width: 0)",
  )
}
