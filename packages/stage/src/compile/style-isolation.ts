import { createHash } from "node:crypto"
import type { ComponentJson } from "../program.ts"
import type { SourceTree } from "./source-tree.ts"
import { stringIn, type Token, tokensOf } from "./tokens.ts"

const known = ["isolated", "apply-shared", "shared", "page-isolated", "page-apply-shared", "page-shared"]

/** Whether glass-easel knows a value of `styleIsolation`. */
export function isStyleIsolation(value: unknown): value is string {
  return typeof value === "string" && known.includes(value)
}

/**
 * What `options: { styleIsolation, addGlobalClass }` in a script asks for. WeChat takes it from there as well,
 * glass-easel from JSON only.
 */
export function scriptIsolation(tree: SourceTree, script: string): string | undefined {
  return tree.remember("style options", script, () => {
    const text = tree.text(script) ?? ""
    if (!/\b(?:styleIsolation|addGlobalClass)\b/.test(text)) return undefined
    try {
      return isolationIn(tokensOf(text, script.endsWith(".ts")))
    } catch {
      // The script's own compilation reports what is wrong with it.
      return undefined
    }
  })
}

function isolationIn(tokens: readonly Token[]): string | undefined {
  const values = optionValues(tokens)
  const isolation = stringIn(values.get("styleIsolation"))
  if (isStyleIsolation(isolation)) return isolation
  return values.get("addGlobalClass")?.text === "true" ? "apply-shared" : undefined
}

/** The first token of each value directly in an `options: { … }`. */
function optionValues(tokens: readonly Token[]): Map<string, Token> {
  const values = new Map<string, Token>()
  const nameOf = (token: Token | undefined) => stringIn(token) ?? token?.text ?? ""
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (depth === 0) {
      const opens =
        token.text === "{" && tokens[index - 1]?.text === ":" && nameOf(tokens[index - 2]) === "options"
      if (opens) depth = 1
      continue
    }
    const value = tokens[index + 2]
    if (depth === 1 && next?.text === ":" && value !== undefined) values.set(nameOf(token), value)
    if (/^(?:[{([]|\$\{)$/.test(token.text)) depth++
    if (/^[})\]]$/.test(token.text)) depth--
  }
  return values
}

/** What stands before `--` in the class names of a page or component; `null` where it shares the app's. As the adapter has it. */
export function styleScopeOf(path: string, json: ComponentJson): string | null {
  const usual = json.component ? (json.addGlobalClass ? "apply-shared" : "isolated") : "shared"
  const isolation = json.styleIsolation ?? usual
  return isolation === "shared" || isolation === "page-shared" ? null : scopeName(path)
}

function scopeName(path: string): string {
  const digest = createHash("sha256").update(path).digest()
  return `s${digest.readUIntBE(0, 6).toString(36).slice(-7)}`
}
