import { isOfPackage, joinPath } from "./join-path.ts"
import { npmCandidates } from "./npm-package.ts"
import type { Project } from "./project.ts"

/** Why nothing is at the end of a reference, or what is. */
export type Resolved = { readonly path: string } | { readonly failure: string }

/** The file behind `require("…")`, as `utils/a.ts`. */
export function resolveModule(project: Project, from: string, specifier: string): Resolved {
  const endings = isOfPackage(from)
    ? ["", ".js", ".ts", "/index.js", "/index.ts"]
    : ["", ".ts", ".js", "/index.ts", "/index.js"]
  return resolve(project, from, specifier, "npm first", path => {
    const typed = path.endsWith(".js") ? [`${path.slice(0, -3)}.ts`] : []
    return [...endings.map(ending => path + ending), ...typed].find(
      file => /\.(?:[cm]?js|ts|json)$/.test(file) && project.tree.isFile(file),
    )
  })
}

/** The component behind a value of `usingComponents`: its path without extension. */
export function resolveComponent(project: Project, from: string, reference: string): Resolved {
  return resolve(project, from, reference, "files first", path =>
    [path, `${path}/index`].find(component => isComponent(project, component)),
  )
}

function isComponent({ tree }: Project, path: string): boolean {
  return [".json", ".wxml", ".ts", ".js"].some(extension => tree.isFile(path + extension))
}

function resolve(
  project: Project,
  from: string,
  written: string,
  order: "npm first" | "files first",
  find: (path: string) => string | undefined,
): Resolved {
  const reference = withoutAlias(project.aliases, written)
  const joined = joinPath(from, reference)
  if (joined === null) return { failure: `"${written}" leaves the mini program's folder` }
  const bare = !/^\.{0,2}\//.test(reference) && reference !== "." && reference !== ".."
  // Some write the way to where 构建 npm would have put a package.
  const name = bare ? reference : /^miniprogram_npm\/(.+)$/.exec(joined)?.[1]
  const npm = name === undefined ? [] : npmCandidates(project.tree, from, name, project.conditions)
  const places = order === "npm first" ? [...npm, joined] : [joined, ...npm]
  for (const place of places) {
    const path = find(place)
    if (path !== undefined) return { path }
  }
  const searched = bare && npm.length === 0 ? `, neither in miniprogram_npm nor in node_modules` : ""
  return { failure: `Nothing is at "${written}"${searched}` }
}

function withoutAlias(aliases: Readonly<Record<string, string>>, reference: string): string {
  for (const [alias, target] of Object.entries(aliases)) {
    const start = alias.replace(/\*$/, "")
    if (!alias.endsWith("*") ? reference === alias : reference.startsWith(start))
      return `/${target.replace(/\*$/, "")}${reference.slice(start.length)}`
  }
  return reference
}
