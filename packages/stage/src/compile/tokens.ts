import { createRequire } from "node:module"

/** A word, a sign or a literal of a script. */
export interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

// Sucrase's tokenizer is not in its list of exports; the package is pinned to one exact version.
const { parse } = createRequire(import.meta.url)(
  "sucrase/dist/parser/index.js",
) as typeof import("sucrase/dist/types/parser/index.js")

/** The tokens of a script, comments left out. @throws SyntaxError with `loc` */
export function tokensOf(script: string, typescript: boolean): Token[] {
  return parse(script, false, typescript, false).tokens.map(({ start, end }) => ({
    text: script.slice(start, end),
    start,
    end,
  }))
}

/** What a string token says; `undefined` for any other token. */
export function stringIn(token: Token | undefined): string | undefined {
  const [, , body] = /^(["'])([^\\]*)\1$/s.exec(token?.text ?? "") ?? []
  return body
}
