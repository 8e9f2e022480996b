import { relative, resolve, sep } from "node:path"
import { joinPath } from "./join-path.ts"
import { readJsonFile } from "./json-file.ts"
import { SourceTree } from "./source-tree.ts"

/** Where a mini program is. */
export interface Root {
  readonly tree: SourceTree
  /** Path of project.config.json, from the mini program's root: it may be above. */
  readonly projectFile: string
}

const projectFile = "project.config.json"

/**
 * Finds app.json: in the given folder, or where its project.config.json points by `miniprogramRoot`.
 * @throws Error if it is in neither
 */
export function findRoot(given: string): Root {
  const project = resolve(given)
  const tree = new SourceTree(project)
  const named = readJsonFile(tree, projectFile).value?.miniprogramRoot
  const inside = typeof named === "string" ? joinPath("", named) : ""
  const folder = [inside, ""].find(
    place => place !== null && tree.isFile(joinPath("", `${place}/app.json`) ?? ""),
  )
  if (typeof folder !== "string")
    throw new Error(
      `No app.json in ${project}. Name the folder that app.json is in, or one with a ${projectFile} whose miniprogramRoot leads there.`,
    )
  const root = resolve(project, folder)
  const toProject = relative(root, project).split(sep).filter(Boolean)
  return { tree: new SourceTree(root, project), projectFile: [...toProject, projectFile].join("/") }
}
