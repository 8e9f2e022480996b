import type { ComponentSpace, GeneralBehavior, GeneralComponent } from "glass-easel"
import { type AssociatedBackend, type CodeSpace, MiniProgramEnv } from "glass-easel-miniprogram-adapter"
import type { Program } from "../program.ts"
import { builtins } from "./builtins/builtins.ts"
import { plainEvent, type TreeEvent } from "./plain-event.ts"
import type { StageBackend } from "./stage-backend.ts"

/** Where the mini program's pages and components are registered, with their templates, styles and JSON. */
export interface Code {
  readonly space: CodeSpace
  readonly backend: AssociatedBackend
}

/** The style sheet of app.wxss. */
const appSheet = "app"

export function createCode(program: Program, backend: StageBackend, report: (error: unknown) => void): Code {
  const env = new MiniProgramEnv()
  const associated = env.associateBackend(backend)
  const space = env.createCodeSpace("main", true)
  const components = space.getComponentSpace()
  components.updateComponentOptions({ writeIdToDOM: true })
  space.setOverallBehavior(readyAfterAttached(components))
  for (const [name, define] of Object.entries(builtins))
    components.setGlobalUsingComponent(name, define(env.getGlobalCodeSpace().getComponentSpace()))

  addStyle(appSheet, program.appStyle, null)
  const templates = evaluateTemplates(program.templates, report)
  for (const [path, { json, style, styleScope }] of Object.entries(program.components)) {
    space.addComponentStaticConfig(path, {
      ...json,
      usingComponents: fromRoot(json.usingComponents),
      componentGenerics: genericsFromRoot(json.componentGenerics) as never,
      styleIsolation: json.styleIsolation as never,
    })
    addStyle(path, style, styleScope)
    const content = templates[path]
    if (content !== undefined)
      space.addCompiledTemplate(path, { groupList: templates, content, fallbackListenerOnNativeNode: true })
  }
  return { space, backend: associated }

  function addStyle(path: string, style: string | null, scope: string | null): void {
    if (style !== null) backend.registerStyleSheetContent(path, style)
    // A scope goes with the class names of the template, also where there is no style.
    space.addStyleSheet(path, style === null ? undefined : path, scope ?? undefined)
  }
}

/** The library knows of `ready`, and leaves it to its user to say when. */
function readyAfterAttached(space: ComponentSpace): GeneralBehavior {
  return space
    .define()
    .lifetime("attached", function () {
      // In a component's own code `this` is its caller, which keeps the node.
      const node = (this as unknown as { _$?: GeneralComponent })._$ ?? (this as unknown as GeneralComponent)
      // By which the styles of a component without a scope find its host.
      ;(node.$$ as unknown as HTMLElement | null)?.setAttribute("is", node.is)
      queueMicrotask(() => node.triggerLifetime("ready", []))
    })
    .registerBehavior() as unknown as GeneralBehavior
}

type Template = (name: string) => never

/** Runs what the template compiler wrote; its handlers are given plain events. */
function evaluateTemplates(source: string, report: (error: unknown) => void): Record<string, Template> {
  // The compiler's own place for a wrapper around each handler, which it leaves empty.
  const wrapped = source.replace("var Q={", "var Q={C:stageHandler,")
  const handle = (owner: unknown, event: TreeEvent, handler: (event: unknown) => unknown) => {
    const answer = handler.call(owner, plainEvent(event))
    // An async handler throws later.
    if (answer instanceof Promise) answer.catch(report)
    return answer
  }
  return new Function("stageHandler", "getRegExp", "getDate", `return ${wrapped}`)(
    handle,
    (pattern: string, flags?: string) => new RegExp(pattern, flags),
    (...of: [number]) => new Date(...of),
  )
}

function genericsFromRoot(generics: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(generics).map(([name, generic]) => {
      const { default: path } = generic as { default?: string }
      return [name, path === undefined ? generic : { default: `/${path}` }]
    }),
  )
}

function fromRoot(paths: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `/${path}`]))
}
