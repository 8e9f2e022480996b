import type { ComponentSpace, GeneralComponent, GeneralComponentDefinition } from "glass-easel"
import { playAnimation } from "../animation/play-animation.ts"

/** The types a property may have, and what it is where nothing was said. */
export type Property =
  | { readonly type: StringConstructor; readonly value?: string }
  | { readonly type: NumberConstructor; readonly value?: number }
  | { readonly type: BooleanConstructor; readonly value?: boolean }
  /** Anything. */
  | { readonly type: null; readonly value?: unknown }

/** One component on a page, as its own code handles it. */
export interface Part {
  /** `<wx-NAME>` */
  readonly host: HTMLElement
  readonly node: GeneralComponent
  /** The present value of a property. */
  get<Value>(property: string): Value
  /** Changes its own property, and with it what `model:` is bound to. */
  set(property: string, value: unknown): void
  /** Calls back now and at every change of any of them. */
  watch(properties: readonly string[], callback: () => void): void
  /** Gives the element CSS of its own, by the properties' names, which the mini program's does not wipe out. */
  style(css: Readonly<Record<string, string>>): void
  /** An event as `bindchange` hears it: it does not bubble, unless told to. */
  trigger(type: string, detail: object, options?: { readonly bubbles?: boolean }): void
  /** Runs when the element is in the page, and when it left. */
  onAttached(callback: () => void): void
  onDetached(callback: () => void): void
}

export interface BuiltinOptions {
  /** By their names in JavaScript: `hover-class` is `hoverClass`. */
  readonly properties?: Readonly<Record<string, Property>>
  /** Whether children are shown. Default is `true`. */
  readonly children?: boolean
  /** Wires one element. */
  readonly setup?: (part: Part) => void
}

/** Registers the component and answers what makes a tag stand for it. */
export type DefineBuiltin = (space: ComponentSpace) => GeneralComponentDefinition

/** What stands before the names of these components, where the library keeps them. */
const folder = "stage/"

/** Properties that every component has. */
const common: Readonly<Record<string, Property>> = {
  hidden: { type: Boolean },
  animation: { type: null },
  ariaLabel: { type: String },
  ariaRole: { type: String },
  ariaHidden: { type: null },
  ariaChecked: { type: null },
  ariaDisabled: { type: null },
  hoverClass: { type: String, value: "none" },
}

/** The library's place for styles and classes that count more than the template's. */
const ownStyle = 3

/** The parts of the components that are there, for those that look for one another: a form for its fields. */
const parts = new WeakMap<GeneralComponent, Part>()

/** @param name as in WXML */
export function builtin(
  name: string,
  { properties = {}, children = true, setup }: BuiltinOptions,
): DefineBuiltin {
  const all = { ...common, ...properties }
  const watchers = new WeakMap<GeneralComponent, [readonly string[], () => void][]>()
  const lifetimes = new WeakMap<GeneralComponent, { attached: (() => void)[]; detached: (() => void)[] }>()

  function create(node: GeneralComponent): void {
    const host = node.$$ as unknown as HTMLElement
    const life = { attached: [] as (() => void)[], detached: [] as (() => void)[] }
    const own: Record<string, string> = {}
    const watching: [readonly string[], () => void][] = []
    watchers.set(node, watching)
    lifetimes.set(node, life)
    const part: Part = {
      host,
      node,
      get: property => node.data[property] as never,
      set: (property, value) => node.setData({ [property]: value }),
      watch(names, callback) {
        watching.push([names, callback])
        callback()
      },
      style(css) {
        Object.assign(own, css)
        const set = Object.entries(own).filter(([, value]) => value !== "")
        node.setNodeStyle(set.map(([name, value]) => `${name}: ${value}`).join("; "), ownStyle)
      },
      trigger: (type, detail, options = {}) => node.triggerEvent(type, detail, options),
      onAttached: callback => void life.attached.push(callback),
      onDetached: callback => void life.detached.push(callback),
    }
    parts.set(node, part)
    wireCommon(part)
    setup?.(part)
  }

  return space =>
    space
      .define(folder + name)
      .definition({
        properties: all as never,
        ...(!children && { template: noChildren as never }),
        observers: Object.keys(all).map(property => ({
          fields: property,
          observer(this: GeneralComponent) {
            for (const [names, callback] of watchers.get(this) ?? []) if (names.includes(property)) callback()
          },
        })) as never,
        lifetimes: {
          created(this: GeneralComponent) {
            create(this)
          },
          attached(this: GeneralComponent) {
            for (const callback of lifetimes.get(this)?.attached ?? []) callback()
          },
          detached(this: GeneralComponent) {
            for (const callback of lifetimes.get(this)?.detached ?? []) callback()
          },
        } as never,
      })
      .registerComponent() as unknown as GeneralComponentDefinition
}

/** Whether a node is one of these components. */
export function isBuiltin(node: unknown): boolean {
  return String((node as { is?: unknown } | undefined)?.is).startsWith(folder)
}

/** The component that an element of the page shows, if it is one of ours. */
export function partOf(element: Element): Part | undefined {
  const node = (element as Element & { __wxElement?: GeneralComponent }).__wxElement
  return node && parts.get(node)
}

/** The component of that name around this one, the nearest. */
export function enclosing(part: Part, name: string): Part | undefined {
  for (let element = part.host.parentElement; element; element = element.parentElement) {
    const found = element.localName === `wx-${name}` ? partOf(element) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** The components of these names inside this one, in their order. */
export function enclosed(part: Part, names: readonly string[]): Part[] {
  const found = part.host.querySelectorAll(names.map(name => `wx-${name}`).join(","))
  return [...found].flatMap(element => partOf(element) ?? [])
}

const noChildren = { content: () => () => ({ C: () => {}, B: {} }) }

function wireCommon(part: Part): void {
  const { host } = part
  playAnimation(part)
  part.watch(["hidden"], () => host.toggleAttribute("hidden", Boolean(part.get("hidden"))))
  for (const name of ["Label", "Role", "Hidden", "Checked", "Disabled"]) {
    part.watch([`aria${name}`], () => {
      const value = part.get<unknown>(`aria${name}`)
      const attribute = name === "Role" ? "role" : `aria-${name.toLowerCase()}`
      if (value) host.setAttribute(attribute, String(value))
      else host.removeAttribute(attribute)
    })
  }
  // By the library, which knows whose classes they are.
  const hover = (isPressed: boolean) => {
    for (const name of part.get<string>("hoverClass").split(/\s+/))
      if (name && name !== "none") part.node.toggleNodeClass(name, isPressed, ownStyle)
  }
  host.addEventListener("pointerdown", () => hover(true))
  for (const end of ["pointerup", "pointerleave", "pointercancel"])
    host.addEventListener(end, () => hover(false))
}
