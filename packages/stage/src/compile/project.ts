import type { SourceTree } from "./source-tree.ts"

/** What every part of the compiler needs to find its way from one file to another. */
export interface Project {
  readonly tree: SourceTree
  /** Conditions of package.json's `exports` that lead to a package's sources. */
  readonly conditions: readonly string[]
  /** `resolveAlias` of app.json: `@/*` to `/*`. */
  readonly aliases: Readonly<Record<string, string>>
}
