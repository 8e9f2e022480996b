import type { CompileProblem } from "../program.ts"

/** A problem as a terminal shows it: where, what, and the line with its place marked. */
export function renderProblem({ level, path, line, column, message, excerpt }: CompileProblem): string {
  const head = `${level} ${[path, line, column].filter(Boolean).join(":")} ${message}`
  if (excerpt === undefined) return head
  const number = `  ${line} | `
  // Chinese characters are two columns wide.
  const blank = excerpt.before.replace(/[\u2e80-\uffef]/g, "  ").replace(/[^\t]/g, " ")
  return `${head}\n${number}${excerpt.before}${excerpt.after}\n${" ".repeat(number.length)}${blank}^`
}
