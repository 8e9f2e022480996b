import { spawnSync } from "node:child_process"
import { performance } from "node:perf_hooks"
import { root } from "./repository.ts"

/** `npm run check`: every step runs, even after one failed, and each is an npm script of its own. */
const steps: readonly { readonly script: string; readonly promise: string }[] = [
  { script: "lint", promise: "formatted, linted, no import against the arrows" },
  { script: "types", promise: "types agree" },
  { script: "build", promise: "what is published can be built" },
  { script: "docs:check", promise: "code in documents and @example compiles" },
  { script: "unused", promise: "no unused file, export or dependency" },
  { script: "package-shape", promise: "packed packages install and every documented subpath imports" },
  { script: "size", promise: "what is loaded over a phone's network stays small" },
  { script: "parity", promise: "English and Chinese documents match" },
  { script: "file-length", promise: "no file too long without a reason" },
  { script: "machine-paths", promise: "no machine path, no registry host" },
  { script: "test", promise: "tests pass" },
]

const only = process.argv.slice(2)
const chosen = only.length === 0 ? steps : steps.filter(step => only.includes(step.script))
console.log(`Node ${process.version}`)

const results = chosen.map(({ script, promise }) => {
  console.log(`\n── npm run ${script}: ${promise}`)
  const start = performance.now()
  const { status } = spawnSync("npm", ["run", "--silent", script], { cwd: root, stdio: "inherit" })
  const seconds = (performance.now() - start) / 1000
  console.log(`── ${script}: ${status === 0 ? "ok" : "FAILED"} in ${seconds.toFixed(1)} s`)
  return { script, promise, ok: status === 0, seconds }
})

console.log("\nSummary")
for (const { script, promise, ok, seconds } of results) {
  console.log(
    `${ok ? "ok    " : "FAILED"} ${script.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s  ${promise}`,
  )
}
const failed = results.filter(result => !result.ok).map(result => result.script)
console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}`)
process.exitCode = failed.length === 0 ? 0 : 1
