import type { behavior } from "glass-easel-miniprogram-adapter"

/** What a mini program hands to `Page`, `Component` or `Behavior`. */
export type Definition = Record<string, unknown>

/** Behaviors of WeChat's own, by their names. */
export type NamedBehaviors = Readonly<Record<string, behavior.GeneralBehavior>>

const groups = ["lifetimes", "pageLifetimes", "methods", "observers", "relations"]

/**
 * A definition as the library takes it: without behaviors that are named only and unknown here, and without members
 * that are `undefined`, which it would call.
 */
export function cleanDefinition(definition: Definition, named: NamedBehaviors): Definition {
  const clean: Definition = withoutUndefined(definition)
  for (const group of groups) {
    const members = clean[group]
    if (typeof members === "object" && members !== null && !Array.isArray(members))
      clean[group] = withoutUndefined(members as Definition)
  }
  if (Array.isArray(clean.behaviors)) {
    const behaviors = clean.behaviors.map(behavior =>
      typeof behavior === "string" ? named[behavior] : behavior,
    )
    clean.behaviors = behaviors.filter(Boolean)
  }
  return clean
}

function withoutUndefined(members: Definition): Definition {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
