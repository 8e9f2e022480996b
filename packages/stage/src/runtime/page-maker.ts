import type { Root } from "glass-easel-miniprogram-adapter"
import type { Program } from "../program.ts"
import type { Code } from "./code-space.ts"
import type { Require } from "./modules.ts"
import type { OpenPage, PageInstance } from "./page-stack.ts"
import type { Registry } from "./registry.ts"
import type { StageBackend } from "./stage-backend.ts"

/** Makes a page, without its elements and without calling its handlers. @throws whatever its scripts throw */
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

/** Where WeChat looks for a tab bar that the mini program draws. */
const customTabBar = "custom-tab-bar/index"

export function createPageMaker({ program, code, backend, registry, require, pages }: Parts): MakePage {
  const { tabBar, window } = program.app

  function makeRoot(path: string, query = ""): Root {
    registry.prepare(path, require)
    return code.backend.createRoot("page-root", code.space, path + query)
  }

  /** Each tab has one of its own, as in WeChat. */
  function makeTabBar(path: string): Root | undefined {
    if (!tabBar?.custom || !(customTabBar in program.components)) return undefined
    return tabBar.list.some(({ pagePath }) => pagePath === path) ? makeRoot(customTabBar) : undefined
  }

  return (path, query) => {
    const made: Root[] = []
    const styleSheets = backend.collectStyleSheets(() => {
      made.push(makeRoot(path, queryText(query)))
      const bar = makeTabBar(path)
      if (bar !== undefined) made.push(bar)
    })
    const [root, bar] = made as [Root, Root | undefined]
    const instance = root.get() as unknown as PageInstance
    instance.route = path
    instance.options = query
    Object.assign(instance, { getTabBar: () => bar?.get() ?? null })
    const element = document.createElement("div")
    element.className = "wx-page"
    return {
      path,
      query,
      instance,
      element,
      styleSheets,
      attach() {
        pages.append(element)
        for (const part of made) {
          const placeholder = document.createElement("div")
          element.append(placeholder)
          part.attach(element as never, placeholder as never)
        }
      },
      release() {
        for (const part of made) part.release()
        element.remove()
      },
      window: { ...window, ...program.components[path]?.json },
    }
  }
}

function queryText(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString()
  return text && `?${text.replaceAll("+", "%20")}`
}
