import type { CompileProblem, Excerpt } from "../program.ts"
import type { SourceTree } from "./source-tree.ts"

/** How many characters of a line are kept on either side of the place. */
const around = 60

/** The same problem, with the line it is in, if it is known. */
export function withExcerpt(tree: SourceTree, problem: CompileProblem): CompileProblem {
  const excerpt = excerptOf(tree, problem)
  return excerpt === undefined ? problem : { ...problem, excerpt }
}

function excerptOf(tree: SourceTree, { path, line, column = 1 }: CompileProblem): Excerpt | undefined {
  if (line === undefined) return undefined
  const text = tree.text(path)?.split(/\r?\n/)[line - 1]
  if (text === undefined || text.trim() === "") return undefined
  const at = Math.min(column - 1, text.length)
  return { before: text.slice(Math.max(0, at - around), at), after: text.slice(at, at + around) }
}
