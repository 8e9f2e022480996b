import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"
import { root } from "./repository.ts"

const folder = join(root, "packages/miniprogram")
const output = join(folder, "miniprogram_dist")

/** What of the package a mini program imports: `@denglu/miniprogram`, and what goes behind a slash. */
export const miniprogramEntries = ["index", "leave", "open-data", "phone", "scan"] as const
export type MiniprogramEntry = (typeof miniprogramEntries)[number]

/** An entry of the SDK as one small text, as a mini program carries it. */
export async function miniprogramBundle(entry: MiniprogramEntry): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `src/${entry}.ts`)],
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2017",
    write: false,
  })
  return outputFiles[0]?.text ?? ""
}

/** The same as CommonJS, without the helpers a bundler would add to it. */
export async function miniprogramModule(entry: MiniprogramEntry): Promise<string> {
  const code = (await miniprogramBundle(entry)).replace(/export\{([^}]*)\};?\s*$/, (_, list: string) =>
    list
      .split(",")
      .map(item => item.split(" as "))
      .map(([local, name = local]) => `exports.${name}=${local};`)
      .join(""),
  )
  if (/^export|\bexport\{/m.test(code)) throw new Error("the bundle of packages/miniprogram has exports left")
  return `"use strict";${code.trimEnd()}`
}

/** Writes what WeChat's tools take at "构建 npm". */
export async function bundleMiniprogram(): Promise<void> {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output)
  for (const entry of miniprogramEntries)
    writeFileSync(join(output, `${entry}.js`), await miniprogramModule(entry))
  // The package is ESM elsewhere.
  writeFileSync(join(output, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`)
}
