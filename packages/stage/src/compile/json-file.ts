import type { CompileProblem } from "../program.ts"
import { parseJson } from "./parse-json.ts"
import type { Position } from "./position.ts"
import type { SourceTree } from "./source-tree.ts"

export interface JsonFile {
  /** `null` if there is no such file, or no object in it. */
  readonly value: Readonly<Record<string, unknown>> | null
  readonly problems: readonly CompileProblem[]
  positionOf(...keys: readonly (string | number)[]): Position
}

export function readJsonFile(tree: SourceTree, path: string): JsonFile {
  return tree.remember("json", path, () => {
    const text = tree.text(path)
    if (text === null) return { value: null, problems: [], positionOf: () => ({ line: 1, column: 1 }) }
    const { value, mistake, positionOf } = parseJson(text)
    if (mistake !== null) return { value: null, problems: [{ level: "error", path, ...mistake }], positionOf }
    if (isRecord(value)) return { value, problems: [], positionOf }
    const message = "Its JSON must be an object: { … }"
    return { value: null, problems: [{ level: "error", path, message, line: 1, column: 1 }], positionOf }
  })
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The strings of a list; what else it holds is left out. */
export function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(entry => typeof entry === "string") : []
}
