import type { Route } from "./route.ts"

/** What a path leads to: the routes by method, and the `:name` parts. */
export interface Match {
  readonly routes: ReadonlyMap<string, Route>
  readonly params: Readonly<Record<string, string>>
}

/** Finds a path among the routes; `undefined` if no route has it. */
export type Router = (path: string) => Match | undefined

const noParams = {}

export function createRouter(routes: readonly Route[]): Router {
  const fixed = new Map<string, Map<string, Route>>()
  const patterns = new Map<string, { readonly pattern: RegExp; readonly routes: Map<string, Route> }>()
  for (const route of routes) {
    if (route.path.includes(":")) {
      const source = route.path.replaceAll(".", "\\.").replaceAll(/:(\w+)/g, "(?<$1>[^/]{1,128})")
      const entry = patterns.get(route.path) ?? {
        pattern: new RegExp(`^${source}$`),
        routes: new Map<string, Route>(),
      }
      patterns.set(route.path, entry)
      entry.routes.set(route.method, route)
    } else {
      const methods = fixed.get(route.path) ?? new Map<string, Route>()
      fixed.set(route.path, methods)
      methods.set(route.method, route)
    }
  }
  const variable = [...patterns.values()]
  return path => {
    const found = fixed.get(path)
    if (found !== undefined) return { routes: found, params: noParams }
    for (const { pattern, routes: methods } of variable) {
      const match = pattern.exec(path)
      if (match !== null) return { routes: methods, params: match.groups ?? noParams }
    }
    return undefined
  }
}
