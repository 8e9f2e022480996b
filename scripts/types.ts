import { spawnSync } from "node:child_process"
import { report, root } from "./repository.ts"

/**
 * Checks every program's types. There are several, because Node, a page and a mini program have different globals:
 * what runs in one of them must not see another's.
 */
const programs = [
  ".",
  "packages/miniprogram",
  "packages/miniprogram/test",
  "packages/web",
  "packages/web/test",
  "packages/stage/src/runtime",
  "packages/stage/src/shell",
  "apps/playground/src/page",
  "examples/miniprogram",
]

const failed = programs.filter(program => {
  const { status } = spawnSync("tsc", ["-p", program, "--noEmit"], { cwd: root, stdio: "inherit" })
  return status !== 0
})
report(
  failed.map(file => ({ file, message: "has types that don't agree" })),
  `${programs.length} programs checked.`,
)
