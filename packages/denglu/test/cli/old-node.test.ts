import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

/** Runs the command's file on a Node that says it is another version. */
function runOn(version: string, args: readonly string[]) {
  const cwd = bench.folder()
  const script = join(cwd, "wrapper.mjs")
  const bin = new URL("../../bin/denglu.js", import.meta.url).href
  writeFileSync(
    script,
    `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} })\nawait import(${JSON.stringify(bin)})\n`,
  )
  return runCli(args, { cwd }, script)
}

test.each(["18.20.4", "20.11.0", "22.12.0"])(
  "Node %s is too old, and told so in both languages",
  async version => {
    const { code, stdout, stderr } = await runOn(version, ["--version"])
    expect(stderr).toContain(
      `denglu needs Node 22.13 or later; this is ${version}. Install a newer one: https://`,
    )
    expect(stderr).toContain(`denglu 需要 Node 22.13 或更高版本，当前为 ${version}。`)
    expect(stderr).not.toContain("    at ")
    expect(stdout).toBe("")
    expect(code).toBe(1)
  },
)

test.each(["22.13.0", "24.0.0", "30.1.0"])("Node %s is new enough", async version => {
  const { code, stdout, stderr } = await runOn(version, ["--version"])
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/)
})
