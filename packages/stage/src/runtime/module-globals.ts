import type { Program } from "../program.ts"
import type { ModuleGlobals } from "./modules.ts"

/** What modules see besides `Page`, `App`, `wx` and their like: what DevTools has, and nothing of the page around. */
export function surroundings({ app }: Program): ModuleGlobals {
  return {
    ...absent,
    global: {},
    // Some code asks DevTools for it.
    __wxConfig: { pages: app.pages, envVersion: "develop" },
    requirePlugin: (name: string) => {
      throw new Error(`not simulated: requirePlugin("${name}")`)
    },
    requireMiniProgram: () => {
      throw new Error("not simulated: requireMiniProgram")
    },
  }
}

/** What a page has and a mini program has not: code that feels its way must not find it. */
const absent = Object.fromEntries(
  [
    "window",
    "document",
    "location",
    "navigator",
    "history",
    "localStorage",
    "sessionStorage",
    "XMLHttpRequest",
    "fetch",
    "WebSocket",
    "alert",
    "parent",
    "top",
  ].map(name => [name, undefined]),
)
