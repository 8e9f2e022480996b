import { transform } from "sucrase"
import type { CompileProblem } from "../program.ts"
import { isOfPackage } from "./join-path.ts"
import { parseJson } from "./parse-json.ts"
import { positionAt } from "./position.ts"
import type { Project } from "./project.ts"
import { resolveModule } from "./resolve-reference.ts"
import { parserMistake, type SyntaxMistake, syntaxMistake } from "./syntax-mistake.ts"
import { stringIn, type Token, tokensOf } from "./tokens.ts"

export interface CompiledModule {
  /** CommonJS. What it requires by a fixed name is required by path from the root: `/utils/a.js`. */
  readonly code: string
  /** Files it requires. */
  readonly required: readonly string[]
  readonly problems: readonly CompileProblem[]
}

const parameters = ["require", "module", "exports"]

/** What a script is called in `modules`: `.js`, whatever it was written in; JSON keeps its name. */
export function moduleKey(path: string): string {
  return path.endsWith(".json") ? path : `${path.replace(/\.[jt]s$/, "")}.js`
}

export function compileModule(project: Project, path: string): CompiledModule {
  return project.tree.remember(`module ${JSON.stringify(project.aliases)}`, path, () => {
    const text = project.tree.text(path) ?? ""
    if (path.endsWith(".json")) return compileJson(path, text)
    try {
      const script = toCommonJs(path, text)
      const mistake = syntaxMistake(script, parameters, text)
      return mistake === null ? withPaths(project, path, text, script) : refused(path, mistake)
    } catch (error) {
      return refused(path, parserMistake(error))
    }
  })
}

function toCommonJs(path: string, text: string): string {
  if (path.endsWith(".ts"))
    return transform(text, { transforms: ["typescript", "imports"], disableESTransforms: true }).code
  // What is CommonJS already stays as it was written.
  if (!/(?:^|[^.\w$])(?:import|export)(?![\w$])/.test(text)) return text
  return transform(text, { transforms: ["imports"], disableESTransforms: true }).code
}

function compileJson(path: string, text: string): CompiledModule {
  const { value, mistake } = parseJson(text)
  if (mistake !== null) return refused(path, mistake)
  return { code: `module.exports = ${JSON.stringify(value)}`, required: [], problems: [] }
}

/** The page says what is wrong when it comes to the module, instead of that there is none. */
function refused(path: string, mistake: SyntaxMistake): CompiledModule {
  const place = [path, mistake.line, mistake.column].filter(part => part !== undefined).join(":")
  const code = `throw new SyntaxError(${JSON.stringify(`${mistake.message} (${place})`)})`
  return { code, required: [], problems: [{ level: "error", path, ...mistake }] }
}

function withPaths(project: Project, path: string, text: string, script: string): CompiledModule {
  const tokens = tokensOf(script, false)
  const required = new Set<string>()
  const problems: CompileProblem[] = []
  let code = ""
  let copied = 0
  for (const token of requiredNames(tokens)) {
    const specifier = stringIn(token) ?? ""
    const resolved = resolveModule(project, path, specifier)
    if ("path" in resolved) {
      required.add(resolved.path)
      code += script.slice(copied, token.start) + JSON.stringify(`/${moduleKey(resolved.path)}`)
      copied = token.end
    } else if (!hasOwnRequire(tokens)) {
      // A package may try what only Node has, and do without it.
      const level = isOfPackage(path) ? "warning" : "error"
      const line = positionAt(script, token.start).line
      problems.push({ level, path, message: resolved.failure, ...placeOf(text, specifier, line) })
    }
  }
  return { code: code + script.slice(copied), required: [...required], problems }
}

/** The strings in `require("…")` and `require.async("…")`. */
function requiredNames(tokens: readonly Token[]): Token[] {
  return tokens.filter((token, index) => {
    if (stringIn(token) === undefined || tokens[index - 1]?.text !== "(") return false
    const name =
      tokens[index - 2]?.text === "async" && tokens[index - 3]?.text === "." ? index - 4 : index - 2
    return tokens[name]?.text === "require" && !/^\??\.$/.test(tokens[name - 1]?.text ?? "")
  })
}

/** Whether `require` is also a parameter, as in a bundle that brings its modules along. */
function hasOwnRequire(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ text }, index) =>
      text === "require" &&
      /^[(,]$/.test(tokens[index - 1]?.text ?? "") &&
      /^[,)]$/.test(tokens[index + 1]?.text ?? ""),
  )
}

/** Where the developer wrote a specifier: the compiled script has the same lines, but other columns. */
function placeOf(text: string, specifier: string, line: number): { line: number; column?: number } {
  const lineStart =
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line > 1 ? 1 : 0)
  const quoted = [`"${specifier}"`, `'${specifier}'`].map(name => text.indexOf(name, lineStart))
  const offset = Math.min(...quoted.filter(found => found >= 0))
  return Number.isFinite(offset) ? positionAt(text, offset) : { line }
}
