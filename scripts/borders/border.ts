/** One border: where it runs, what it must stop, and what it must let through. */
export interface Border {
  readonly name: string
  /** The file, or the folder of the file, that the snippets stand in. */
  readonly at: string
  /** The Biome rule that must speak, or stay silent. */
  readonly rule: string
  /** Words of the message, where one rule guards several borders. */
  readonly says?: string
  readonly violating: readonly string[]
  readonly allowed: readonly string[]
}

export const source = "packages/denglu/src"
export const imports = "lint/style/noRestrictedImports"
export const globals = "lint/style/noRestrictedGlobals"
