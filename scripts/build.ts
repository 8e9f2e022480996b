import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { bundleCli } from "./bundle-cli.ts"
import { bundleMiniprogram } from "./bundle-miniprogram.ts"
import { bundleStage } from "./bundle-stage.ts"
import { publishedPackages, root } from "./repository.ts"

/** Builds what is published. The command line and the SDK for WeChat's tools are bundled. Old output goes first: the compiler never removes what a deleted source left behind. */
const folders = publishedPackages().map(({ folder }) => folder)
for (const folder of folders) rmSync(join(root, folder, "dist"), { recursive: true, force: true })
const { status } = spawnSync("tsc", ["-b", ...folders], { cwd: root, stdio: "inherit" })
if (status === 0) {
  await bundleCli()
  await bundleMiniprogram()
  await bundleStage()
  console.log(`Built ${folders.join(", ")}.`)
}
process.exitCode = status ?? 1
