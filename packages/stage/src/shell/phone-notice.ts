import type { CompileProblem } from "../program.ts"

/** What the phone tells the page that it is framed in. */
export type PhoneNotice =
  | {
      readonly stage: "started"
      readonly problems: readonly CompileProblem[]
      readonly pages: readonly string[]
      /** Who holds the phone. */
      readonly owner: string
    }
  /** Paths of the open pages, the visible one last. */
  | { readonly stage: "page"; readonly stack: readonly string[] }
  | { readonly stage: "call"; readonly name: string }
  /** @param place as `pages/index/index.js:3:7`, if it is known */
  | { readonly stage: "error" | "warning"; readonly message: string; readonly place?: string }
