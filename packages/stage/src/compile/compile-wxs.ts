import { walkPath } from "./join-path.ts"
import { positionAt } from "./position.ts"
import { parserMistake, syntaxMistake } from "./syntax-mistake.ts"
import { stringIn, type Token, tokensOf } from "./tokens.ts"
import type { Wanted } from "./wanted.ts"

export interface CompiledWxs {
  /** As the templates' loader wants it; empty if the script has a mistake. */
  readonly code: string
  /** Scripts it requires, by path without `.wxs`, with the place of each. */
  readonly required: readonly Wanted[]
  readonly mistakes: readonly { readonly message: string; readonly line: number; readonly column?: number }[]
}

/** Turns WXS into JavaScript of the same meaning. Places are in `text`. */
export function compileWxs(path: string, text: string): CompiledWxs {
  try {
    const mistake = syntaxMistake(text, ["require", "module", "exports"])
    if (mistake !== null) return { code: "", required: [], mistakes: [mistake] }
    return rewrite(path, text, tokensOf(text, false))
  } catch (error) {
    return { code: "", required: [], mistakes: [parserMistake(error)] }
  }
}

function rewrite(path: string, text: string, tokens: readonly Token[]): CompiledWxs {
  const required: Wanted[] = []
  let code = ""
  let copied = 0
  const replace = (token: Token, by: string) => {
    code += text.slice(copied, token.start) + by
    copied = token.end
  }
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.text
    // In WXS a value's constructor is the name of its type.
    if (token.text === "constructor" && before === ".") replace(token, "constructor.name")
    const specifier = stringIn(token)
    if (specifier === undefined || before !== "(" || tokens[index - 2]?.text !== "require") continue
    const { path: target, leaves } = walkPath(path, specifier.replace(/\.wxs$/, ""))
    const failure = leaves ? `"${specifier}" leaves the mini program's folder` : null
    required.push({ path: target, failure, ...positionAt(text, token.start) })
    replace(token, JSON.stringify(`/${target}`))
  }
  // The template compiler puts its own closing behind, which a comment in the last line would swallow.
  return { code: `${code}${text.slice(copied)}\n`, required, mistakes: [] }
}
