import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import { compileProject } from "../../src/compile/compile-project.ts"
import type { CompileProblem, Program } from "../../src/program.ts"

export type Files = Readonly<Record<string, string>>

/** Writes a project to a folder that goes with the test. */
export function writeProject(files: Files): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "stage-compile-")))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFiles(root, files)
  return root
}

export function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** Compiles a mini program of one empty page, `pages/a/a`, with these files over it. */
export function compileFiles(files: Files, conditions: readonly string[] = []): Promise<Program> {
  return compileProject(writeProject({ ...onePage, ...files }), { conditions })
}

export const onePage: Files = {
  "app.json": '{ "pages": ["pages/a/a"] }',
  "app.js": "App({})\n",
  "pages/a/a.wxml": "<view></view>\n",
  "pages/a/a.js": "Page({})\n",
}

/** A component that shows nothing. */
export function emptyComponent(path: string, json: object = {}): Files {
  return {
    [`${path}.json`]: JSON.stringify({ component: true, ...json }),
    [`${path}.wxml`]: "<view></view>\n",
    [`${path}.js`]: "Component({})\n",
  }
}

/** Problems as one line each: `error pages/a/a.js:1:2 What is wrong`. */
export function told(problems: readonly CompileProblem[]): string[] {
  return problems.map(({ level, path, line, column, message }) =>
    [level, [path, line, column].filter(part => part !== undefined).join(":"), message].join(" "),
  )
}

/** Runs a compiled program's module, and answers what it exports. */
export function run(program: Program, path: string): Record<string, unknown> {
  const loaded = new Map<string, { exports: Record<string, unknown> }>()
  const load = (absolute: string): Record<string, unknown> => {
    const key = absolute.replace(/^\//, "")
    const known = loaded.get(key)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    loaded.set(key, module)
    const source = program.modules[key]
    if (source === undefined) throw new Error(`no module ${key}`)
    new Function("require", "module", "exports", "Page", "Component", "App", source)(
      load,
      module,
      module.exports,
      ...[() => {}, () => {}, () => {}],
    )
    return module.exports
  }
  return load(path)
}
