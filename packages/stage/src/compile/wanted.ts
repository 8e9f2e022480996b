import type { Position } from "./position.ts"

/** A template or a script that another one asks for, by path without extension. */
export interface Wanted extends Position {
  readonly path: string
  /** Why it cannot be had, if that is known already. */
  readonly failure: string | null
}
