import { compileFunction } from "node:vm"
import type { Position } from "./position.ts"

export interface SyntaxMistake {
  readonly message: string
  readonly line: number
  readonly column?: number
}

/**
 * What keeps a script from being run as the body of a function, in the words of the engine; `null` if nothing does.
 * The script is not run.
 * @param source what the developer wrote, if the script was made from it line by line
 */
export function syntaxMistake(
  script: string,
  names: readonly string[],
  source = script,
): SyntaxMistake | null {
  try {
    compileFunction(script, [...names], { filename: "script" })
    return null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // V8 writes the place in front: "script:LINE", the line itself, and a caret under the column.
    const [, line = "1", shown = "", caret = ""] =
      /^script:(\d+)\n([^\n]*)\n( *)\^/.exec(error.stack ?? "") ?? []
    const same = source.split("\n")[Number(line) - 1]?.replace(/\r$/, "") === shown.replace(/\r$/, "")
    return { message: error.message, line: Number(line), ...(same && { column: caret.length + 1 }) }
  }
}

/** What Sucrase says, and the place it names; the first for a script that is nested too deep to be read. */
export function parserMistake(error: unknown): SyntaxMistake {
  if (!(error instanceof Error)) throw error
  const { line = 1, column = 1 } = (error as Error & { readonly loc?: Position }).loc ?? {}
  return { message: error.message.replace(/ \(\d+:\d+\)$/, ""), line, column }
}
