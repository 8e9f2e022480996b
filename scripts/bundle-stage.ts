import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { frameScript, phoneScript, stageRuntime } from "../packages/stage/src/server/stage-runtime.ts"
import { licenceOf } from "./licence-of.ts"
import { root } from "./repository.ts"

const output = join(root, "packages/stage/dist/page")

/** Writes what the stage's pages run, so that a user needs no bundler. */
export async function bundleStage(): Promise<void> {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  for (const [name, code] of Object.entries({
    "stage-runtime.js": await stageRuntime(),
    "phone-page.js": await phoneScript(),
    "frame-page.js": await frameScript(),
  }))
    writeFileSync(join(output, name), code)
  const bundled = ["glass-easel", "glass-easel-miniprogram-adapter"]
  writeFileSync(join(output, "THIRD-PARTY-LICENSES.txt"), bundled.map(licenceOf).join("\n\n"))
}
