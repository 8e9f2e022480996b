import type { behavior, CodeSpace } from "glass-easel-miniprogram-adapter"
import type { Program } from "../program.ts"
import { cleanDefinition, type Definition, type NamedBehaviors } from "./definitions.ts"
import type { Require } from "./modules.ts"

/** Runs the scripts of pages and components, each once, when it is first needed. */
export interface Registry {
  /** `Page`, `Component` and `Behavior` as modules see them. */
  readonly globals: Readonly<Record<"Page" | "Component" | "Behavior", (definition?: Definition) => unknown>>
  /** Registers a page or component and all it is made of. @throws whatever a script throws */
  prepare(path: string, require: Require): void
}

export function createRegistry(program: Program, space: CodeSpace): Registry {
  const prepared = new Set<string>()
  const registered = new Set<string>()
  /** What is being loaded. A wrapper such as CustomPage() may stand in any module; what it registers is this. */
  let current = ""
  const named: NamedBehaviors = { "wx://form-field": formField(space) }

  function register(kind: "Page" | "Component", definition: Definition = {}): void {
    const clean = cleanDefinition(definition, named)
    registered.add(current)
    space.componentEnv(current, env => {
      if (kind === "Page") env.Page(clean as never)
      else env.Component(clean as never)
    })
  }

  function run(path: string, require: Require): void {
    const outer = current
    current = path
    try {
      const module = program.components[path]?.module
      if (module) require(module)
      if (!registered.has(path)) register("Component")
    } finally {
      current = outer
    }
  }

  function prepare(path: string, require: Require): void {
    if (prepared.has(path)) return
    prepared.add(path)
    try {
      prepareAll(path, require)
    } catch (error) {
      // Whoever comes again is told again.
      prepared.delete(path)
      throw error
    }
  }

  function prepareAll(path: string, require: Require): void {
    const { usingComponents = {}, componentGenerics = {} } = program.components[path]?.json ?? {}
    for (const used of Object.values(usingComponents)) if (used in program.components) prepare(used, require)
    for (const generic of Object.values(componentGenerics)) {
      const fallback = (generic as { default?: string }).default
      if (fallback !== undefined && fallback in program.components) prepare(fallback, require)
    }
    run(path, require)
  }

  return {
    globals: {
      Page: definition => register("Page", definition),
      Component: definition => register("Component", definition),
      Behavior: (definition = {}) =>
        space
          .behavior()
          .definition(cleanDefinition(definition, named) as never)
          .register(),
    },
    prepare,
  }
}

/** What makes a component a field of a form: `wx://form-field`. */
function formField(space: CodeSpace): behavior.GeneralBehavior {
  return space
    .behavior()
    .definition({ properties: { name: String, value: null } } as never)
    .register() as unknown as behavior.GeneralBehavior
}
