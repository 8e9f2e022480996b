import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, test } from "vitest"
import { createBench, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

/** A package with the command's file and nothing else, or with this as what was built. */
function clone(built?: string) {
  const folder = bench.folder()
  const { version, type, imports } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  )
  const cli = imports["#cli"].default
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version, type, imports: { "#cli": cli } }))
  mkdirSync(join(folder, "bin"))
  const script = join(folder, "bin/denglu.js")
  copyFileSync(fileURLToPath(new URL("../../bin/denglu.js", import.meta.url)), script)
  if (built !== undefined) {
    mkdirSync(join(folder, "dist/bundle"), { recursive: true })
    writeFileSync(join(folder, cli), built)
  }
  return runCli(["--version"], { cwd: folder }, script)
}

test("a clone that was not built is told how to build it, without a stack", async () => {
  expect(await clone()).toMatchObject({
    code: 1,
    stdout: "",
    stderr:
      "Not built yet: npm run build, or npm start in the repository.\n尚未构建：请运行 npm run build，或在仓库中运行 npm start。\n",
  })
})

test("another missing module is not taken for it", async () => {
  const { code, stderr } = await clone('import "nowhere"')
  expect(code).toBe(1)
  expect(stderr).toContain("nowhere")
  expect(stderr).not.toContain("Not built yet")
})
