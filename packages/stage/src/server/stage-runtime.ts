import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

/** The runtime with all it needs as one script that makes `dengluStage.startPhone`. */
export function stageRuntime(): Promise<string> {
  return script("runtime/index.ts", "stage-runtime.js", "dengluStage")
}

/** What the phone's own document runs. */
export function phoneScript(): Promise<string> {
  return script("shell/phone-page.ts", "phone-page.js")
}

/** What the page around the phone runs. */
export function frameScript(): Promise<string> {
  return script("shell/frame-page.ts", "frame-page.js")
}

/** The published package has it built; in the repository it is made of the sources, which takes a moment. */
async function script(source: string, built: string, globalName?: string): Promise<string> {
  if (!import.meta.url.endsWith(".ts")) return readFile(new URL(`../page/${built}`, import.meta.url), "utf8")
  const { build } = await import("esbuild")
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../${source}`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    ...(globalName !== undefined && { globalName }),
    target: "es2022",
    platform: "browser",
    conditions: ["denglu-source"],
    charset: "utf8",
    write: false,
  })
  return outputFiles[0]?.text ?? ""
}
