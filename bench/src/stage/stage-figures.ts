import type { CauseCount } from "./cause-of.ts"
import type { Spread } from "./spread.ts"

export interface Boot {
  readonly jsdom: Spread
  readonly chromium: Spread | undefined
}

/** All that is measured; kept as JSON. */
export interface StageFigures {
  /** `owner/name` */
  readonly project: string
  readonly commit: string
  readonly day: string
  /** Of the machine. */
  readonly machine: {
    readonly node: string
    readonly cores: number
    /** How many processes wanted a core, over a minute, before and after. */
    readonly load: readonly [before: number, after: number]
    readonly chromium: string | undefined
  }
  readonly pages: number
  readonly components: number
  readonly compile: {
    /** Pages without a mistake in their own files. */
    readonly pages: number
    readonly cold: Spread
    readonly unchanged: Spread
    readonly mistakes: readonly string[]
  }
  readonly opened: number
  readonly causes: readonly CauseCount[]
  readonly boot: Boot
  /** Of the small mini program in examples/miniprogram. */
  readonly exampleBoot: Boot
  readonly runtime: { readonly minified: number; readonly gzipped: number }
}
