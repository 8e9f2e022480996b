import { realpathSync } from "node:fs"
import { dirname, join } from "node:path"
import { joinPath } from "./join-path.ts"
import { isRecord, readJsonFile } from "./json-file.ts"
import type { SourceTree } from "./source-tree.ts"

/**
 * Where `name` or `name/sub` may be, best first, as paths without regard to extensions: what WeChat's tools do by
 * 构建 npm. A `miniprogram_npm` on the way up wins; else node_modules is asked, and the package's files become
 * paths under `miniprogram_npm/name`.
 * @param conditions of `exports` in package.json that make a package be taken from its sources
 */
export function npmCandidates(
  tree: SourceTree,
  from: string,
  specifier: string,
  conditions: readonly string[],
): string[] {
  const [, name, sub] = /^((?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(?:\/(.+))?$/.exec(specifier) ?? []
  if (name === undefined) return []
  const inside = sub === undefined ? undefined : joinPath("", sub)
  if (inside === null) return []
  return [
    ...builtCandidates(tree, from, name, inside),
    ...installedCandidates(tree, from, name, inside, conditions),
  ]
}

function builtCandidates(tree: SourceTree, from: string, name: string, sub: string | undefined): string[] {
  const above = from.split("/").slice(0, -1)
  return [...above.keys(), above.length]
    .reverse()
    .map(depth => [...above.slice(0, depth), "miniprogram_npm", name].join("/"))
    .filter(folder => tree.mountAbove(folder)?.path !== folder && tree.isFolder(folder))
    .map(folder => `${folder}/${sub ?? "index"}`)
}

function installedCandidates(
  tree: SourceTree,
  from: string,
  name: string,
  sub: string | undefined,
  conditions: readonly string[],
): string[] {
  const owner = tree.mountAbove(from)
  const top = upward(tree, tree.root, name)
  const found = (owner && upward(tree, owner.absolute, name)) ?? top
  if (found === undefined) return []
  const { folder, entries } = contents(tree, found, sub, conditions)
  const path =
    found.folder === top?.folder
      ? `miniprogram_npm/${name}`
      : nestedPath(tree, owner?.path ?? "", name, folder)
  tree.mount(path, folder)
  return entries.map(entry => `${path}/${entry}`)
}

interface Installed {
  /** Links followed. */
  readonly folder: string
  readonly manifest: Readonly<Record<string, unknown>>
}

/** A package, as Node looks for it. */
function upward(tree: SourceTree, start: string, name: string): Installed | undefined {
  for (let at = start; ; at = dirname(at)) {
    const link = join(at, "node_modules", name)
    const file = join(link, "package.json")
    if (tree.isFile(file))
      return { folder: realpathSync(link), manifest: readJsonFile(tree, file).value ?? {} }
    if (at === dirname(at)) return undefined
  }
}

/** A package that only another package sees lies inside that one; packages that need each other end there. */
function nestedPath(tree: SourceTree, owner: string, name: string, folder: string): string {
  for (let at = tree.mountAbove(owner); at !== undefined; at = tree.mountAbove(dirname(at.path)))
    if (at.absolute === folder) return at.path
  return `${owner}/miniprogram_npm/${name}`
}

/** Which folder of a package becomes `miniprogram_npm/name`, and what of it is asked for. */
function contents(
  tree: SourceTree,
  { folder, manifest }: Installed,
  sub: string | undefined,
  conditions: readonly string[],
): { folder: string; entries: string[] } {
  const { exports, miniprogram, main } = manifest
  const target = exportOf(exports, sub, conditions)
  const usual = exportOf(exports, sub, ["miniprogram", "require", "default"])
  if (exportOf(exports, undefined, conditions) !== undefined)
    return { folder, entries: present([target, usual, sub]) }
  const built = join(
    folder,
    typeof miniprogram === "string" ? joinPath("", miniprogram) || "." : "miniprogram_dist",
  )
  if (tree.isFolder(built)) return { folder: built, entries: [sub ?? "index"] }
  if (sub !== undefined) return { folder, entries: present([sub, usual]) }
  const own = typeof main === "string" ? joinPath("", main) : null
  return { folder, entries: present([own ?? undefined, usual, "index"]) }
}

function present(entries: readonly (string | undefined)[]): string[] {
  return entries.filter(entry => entry !== undefined && entry !== "") as string[]
}

/** What `exports` names for `.` or a sub-path, if one of the conditions leads there. */
function exportOf(
  exports: unknown,
  sub: string | undefined,
  conditions: readonly string[],
): string | undefined {
  const subPaths = isRecord(exports) && Object.keys(exports).some(key => key.startsWith("."))
  const entry = subPaths
    ? exports[sub === undefined ? "." : `./${sub}`]
    : sub === undefined
      ? exports
      : undefined
  const target = conditional(entry, conditions)
  return target === undefined ? undefined : (joinPath("", target) ?? undefined)
}

function conditional(entry: unknown, conditions: readonly string[]): string | undefined {
  if (typeof entry === "string" && conditions.includes("default")) return entry
  if (!isRecord(entry)) return undefined
  for (const [condition, inner] of Object.entries(entry)) {
    if (!conditions.includes(condition)) continue
    const target = typeof inner === "string" ? inner : conditional(inner, [...conditions, "default"])
    if (target !== undefined) return target
  }
  return undefined
}
