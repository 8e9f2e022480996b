import type { Program } from "../program.ts"
import type { Code } from "./code-space.ts"
import type { Require } from "./modules.ts"
import type { OpenPage, PageInstance } from "./page-stack.ts"
import type { Registry } from "./registry.ts"
import type { StageBackend } from "./stage-backend.ts"

/** Makes a page and puts it into the document, without calling its handlers. */
export type MakePage = (path: string, query: Readonly<Record<string, string>>) => OpenPage

interface Parts {
  readonly program: Program
  readonly code: Code
  readonly backend: StageBackend
  readonly registry: Registry
  readonly require: Require
  /** Where pages go. */
  readonly pages: HTMLElement
}

export function createPageMaker({ program, code, backend, registry, require, pages }: Parts): MakePage {
  return (path, query) => {
    registry.prepare(path, require)
    const element = document.createElement("div")
    element.className = "wx-page"
    const placeholder = document.createElement("div")
    element.append(placeholder)
    const made: { root?: OpenPage["root"] } = {}
    const styleSheets = backend.collectStyleSheets(() => {
      made.root = code.backend.createRoot("page-root", code.space, path + queryText(query))
    })
    const root = made.root as OpenPage["root"]
    const instance = root.get() as unknown as PageInstance
    instance.route = path
    instance.options = query
    pages.append(element)
    root.attach(element as never, placeholder as never)
    const json = program.components[path]?.json
    return { path, query, instance, root, element, styleSheets, window: { ...program.app.window, ...json } }
  }
}

function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString()
  return text && `?${text.replaceAll("+", "%20")}`
}
