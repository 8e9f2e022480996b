import type { ComponentSpace, GeneralBehavior, GeneralComponent } from "glass-easel"
import { type AssociatedBackend, type CodeSpace, MiniProgramEnv } from "glass-easel-miniprogram-adapter"
import type { Program } from "../program.ts"
import { builtins } from "./builtins/builtins.ts"
import { addComponentMembers } from "./component-members.ts"
import { plainEvent, type TreeEvent } from "./plain-event.ts"
import type { StageBackend } from "./stage-backend.ts"
import { wxsInstance } from "./wxs-instance.ts"

/** Where the mini program's pages and components are registered, with their templates, styles and JSON. */
export interface Code {
  readonly space: CodeSpace
  readonly backend: AssociatedBackend
}

/** The style sheet of app.wxss. */
const appSheet = "app"

export function createCode(program: Program, backend: StageBackend, report: (error: unknown) => void): Code {
  addComponentMembers()
  const env = new MiniProgramEnv()
  const associated = env.associateBackend(backend)
  const space = env.createCodeSpace("main", true)
  const components = space.getComponentSpace()
  // A component may have a property called `dataset`, as Vant's button has: not on the node, which has one.
  components.updateComponentOptions({ writeIdToDOM: true, writeFieldsToNode: false })
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
type WxsListener = (value: unknown, before: unknown, owner: unknown, node: unknown) => void

/**
 * Runs what the template compiler wrote; its handlers are given plain events. Those of WXS are given the component that
 * they belong to as well, and the element.
 */
function evaluateTemplates(source: string, report: (error: unknown) => void): Record<string, Template> {
  // The compiler's own places for a wrapper around each handler, which it leaves empty.
  const wrapped = source
    .replace("var Q={", "var Q={C:stageHandler,")
    .replace("A:function(a){return a}", "A:stageListener")
  const handle = (owner: Owner, event: TreeEvent, handler: Handler, inWxs?: unknown) => {
    const plain = plainEvent(event)
    // A function of WXS is named by where it is, a method by its name only.
    const answer =
      inWxs == null
        ? handler.call(owner, plain)
        : handler.call(owner, withInstance(plain, event), wxsInstance(owner._$))
    // An async handler throws later.
    if (answer instanceof Promise) answer.catch(report)
    return answer
  }
  const listen =
    (listener: WxsListener): WxsListener =>
    (value, before, owner, node) =>
      // Once everything is made that it may look for.
      queueMicrotask(() => {
        try {
          listener(
            value,
            before,
            wxsInstance(owner as GeneralComponent),
            wxsInstance(node as GeneralComponent),
          )
        } catch (error) {
          report(error)
        }
      })
  return new Function("stageHandler", "stageListener", "getRegExp", "getDate", `return ${wrapped}`)(
    handle,
    listen,
    (pattern: string, flags?: string) => new RegExp(pattern, flags),
    (...of: [number]) => new Date(...of),
  )
}

type Handler = (event: unknown, owner?: unknown) => unknown

/** A component's own object, which keeps its node. */
interface Owner {
  readonly _$: GeneralComponent
}

function withInstance(plain: object, { currentTarget }: TreeEvent): object {
  const node = (currentTarget._$ ?? currentTarget) as GeneralComponent
  return { ...plain, instance: wxsInstance(node) }
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
