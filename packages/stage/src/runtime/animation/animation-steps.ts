/** What `animation.export()` answers and the property `animation` takes: steps, one after the other. */
export interface ExportedAnimation {
  readonly actions: readonly AnimationStep[]
}

export interface AnimationStep {
  readonly animates: readonly { readonly type: string; readonly args: readonly unknown[] }[]
  readonly option: {
    readonly transformOrigin: string
    readonly transition: {
      readonly duration: number
      readonly timingFunction: string
      readonly delay: number
    }
  }
}

/** Properties in px where only a number was said. */
const lengths = new Set(["width", "height", "left", "right", "top", "bottom"])
const plain = new Set(["opacity", "backgroundColor", ...lengths])

/** All that can be animated, as methods of an animation are called. */
export const animated: readonly string[] = [
  ...plain,
  ..."matrix matrix3d rotate rotate3d rotateX rotateY rotateZ scale scale3d scaleX scaleY scaleZ".split(" "),
  ..."skew skewX skewY translate translate3d translateX translateY translateZ".split(" "),
]

/** A step as CSS. @param before the transforms of the steps before, which last */
export function cssOfStep(
  { animates, option: { transformOrigin, transition } }: AnimationStep,
  before: Map<string, string>,
): Record<string, string> {
  const css: Record<string, string> = {}
  for (const { type, args } of animates) {
    const [value] = args
    if (type === "backgroundColor") css["background-color"] = String(value)
    else if (plain.has(type)) css[type] = lengths.has(type) ? inPx(value) : String(value)
    else before.set(type, `${type}(${args.map(argument => withUnit(type, argument)).join(", ")})`)
  }
  if (before.size > 0) css.transform = [...before.values()].join(" ")
  const { duration, timingFunction, delay } = transition
  return {
    ...css,
    "transform-origin": transformOrigin,
    transition: `all ${duration}ms ${timingFunction} ${delay}ms`,
  }
}

function withUnit(type: string, argument: unknown): string {
  if (typeof argument !== "number") return String(argument)
  if (type === "rotate3d") return String(argument)
  if (/^(rotate|skew)/.test(type)) return `${argument}deg`
  return type.startsWith("translate") ? `${argument}px` : String(argument)
}

function inPx(value: unknown): string {
  return typeof value === "number" ? `${value}px` : String(value)
}
