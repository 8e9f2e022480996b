import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Border } from "./borders/border.ts"
import { borders } from "./borders/cases.ts"
import { root } from "./repository.ts"

/**
 * Biome runs once over a made-up repository under this repository's configuration, in which every case is a file where
 * a real one would stand; each test then looks at what was said about its file.
 */
interface Diagnostic {
  readonly severity: string
  readonly category: string
  readonly message: string
  readonly location: { readonly path: string }
}

const folder = mkdtempSync(join(tmpdir(), "denglu-borders-"))
let diagnostics: readonly Diagnostic[] = []

/** A file of its own for each snippet, in the folder that the border is about. */
function fileOf(border: Border, kind: "violating" | "allowed", index: number): string {
  const place = border.at.endsWith(".ts") ? border.at : `${border.at}/${kind}-${index}.ts`
  return join(`case-${borders.indexOf(border)}-${kind}-${index}`, place)
}

beforeAll(() => {
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"))
  // The cases stand one folder deeper than in the repository; paths are all that changes.
  for (const override of config.overrides) {
    override.includes = override.includes.map((glob: string) => glob.replace(/^(!?)/, "$1**/"))
  }
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }))
  cpSync(join(root, "scripts", "borders"), join(folder, "scripts", "borders"), { recursive: true })
  for (const border of borders) {
    for (const kind of ["violating", "allowed"] as const) {
      for (const [index, code] of border[kind].entries()) {
        const file = join(folder, fileOf(border, kind, index))
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `${code}\n`)
        writeFileSync(join(dirname(file), "thing.ts"), "export function thing() {}\n")
      }
    }
  }
  const args = ["lint", "--reporter=json", "--max-diagnostics=none", "."]
  const { stdout } = spawnSync(join(root, "node_modules", ".bin", "biome"), args, {
    cwd: folder,
    encoding: "utf8",
  })
  diagnostics = (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function saidAbout(border: Border, kind: "violating" | "allowed", index: number): readonly Diagnostic[] {
  const file = fileOf(border, kind, index)
  return diagnostics.filter(({ location, category }) => location.path === file && category === border.rule)
}

for (const border of borders) {
  test(border.name, () => {
    for (const [index, code] of border.violating.entries()) {
      const said = saidAbout(border, "violating", index)
      expect(
        said.map(({ severity }) => severity),
        `must fire at ${border.at}: ${code}`,
      ).toContain("error")
      if (border.says !== undefined) expect(said.map(({ message }) => message).join()).toContain(border.says)
    }
    for (const [index, code] of border.allowed.entries()) {
      expect(saidAbout(border, "allowed", index), `must not fire at ${border.at}: ${code}`).toEqual([])
    }
  })
}

test("every folder of packages/denglu/src has its arrows written down", () => {
  const config = readFileSync(join(root, "biome.json"), "utf8")
  const listing = spawnSync("git", ["ls-files", "packages/denglu/src"], {
    cwd: root,
    encoding: "utf8",
  }).stdout
  const folders = new Set(
    [...listing.matchAll(/^packages\/denglu\/src\/([^/\n]+)\//gm)].map(match => match[1]),
  )
  for (const name of folders) expect(config).toContain(`"packages/denglu/src/${name}/**"`)
})
