import type { Playground, PlaygroundOptions } from "@denglu/playground"

/** The page on which one watches a login, if it is installed. Production has no use for it. */
export async function openPlayground(options: PlaygroundOptions): Promise<Playground | undefined> {
  try {
    const { createPlayground } = await import("@denglu/playground")
    return createPlayground(options)
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined
    throw error
  }
}
