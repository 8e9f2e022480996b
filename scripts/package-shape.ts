import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Finding, type PublishedPackage, publishedPackages, report, root } from "./repository.ts"

/**
 * Packs every package and looks at it as its user will: publint and attw read the tarball; then it is installed in an
 * empty folder, every subpath of `exports` is compiled and imported there, and every command says what it can do.
 */
const folder = mkdtempSync(join(tmpdir(), "denglu-package-shape-"))
const findings: Finding[] = []

interface Packed extends PublishedPackage {
  readonly tarball: string
}

function run(command: string, args: readonly string[], cwd: string): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" })
  return { ok: status === 0, output: `${stdout}${stderr}`.trim() }
}

function pack(published: PublishedPackage): Packed {
  const args = ["pack", "--silent", "--pack-destination", folder]
  const out = execFileSync("npm", args, { cwd: join(root, published.folder), encoding: "utf8" })
  return { ...published, tarball: join(folder, out.trim().split("\n").at(-1) ?? "") }
}

/** Every file named in `exports` and `bin`, whatever the condition. */
function filesNamed(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes("*") ? [] : [value]
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(filesNamed) : []
}

/** Files that tests need and users don't. */
const unwanted = /(^|\/)(test|node_modules)\/|\.test\.(ts|js|d\.ts)|\.tsbuildinfo$|(^|\/)\.(env|denglu)/

function checkTarball({ folder: file, manifest, tarball }: Packed): void {
  const listing = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n")
  const files = new Set(listing.map(entry => entry.replace(/^package\//, "./")))
  for (const named of filesNamed([manifest.exports, manifest.bin])) {
    if (!files.has(named)) findings.push({ file, message: `names ${named}, which is not in the tarball` })
  }
  for (const name of ["./README.md", "./LICENSE"]) {
    if (!files.has(name)) findings.push({ file, message: `packs no ${name.slice(2)}` })
  }
  for (const packed of files) {
    if (unwanted.test(packed)) findings.push({ file, message: `packs ${packed}` })
  }
  const publint = run("publint", ["run", tarball, "--strict"], root)
  if (!publint.ok) findings.push({ file, message: `publint:\n${publint.output}` })
  const attw = run("attw", [tarball, "--profile", "esm-only", "--no-emoji", "--format", "ascii"], root)
  if (!attw.ok) findings.push({ file, message: `attw:\n${attw.output}` })
}

/** The version of a peer that this repository tests with, so that optional peers are there when subpaths import them. */
function peersOf(packages: readonly Packed[]): readonly string[] {
  const peers = new Set(packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})))
  for (const { manifest } of packages) peers.delete(manifest.name)
  return [...peers].flatMap(name => [versionHere(name) ?? name, versionHere(`@types/${name}`) ?? []].flat())
}

/** `name@version` as this repository has it installed. */
function versionHere(name: string): string | undefined {
  const manifest = join(root, "node_modules", name, "package.json")
  if (!existsSync(manifest)) return undefined
  return `${name}@${(JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version}`
}

function install(packages: readonly Packed[]): boolean {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }))
  const args = ["install", "--silent", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"]
  const tarballs = packages.map(({ tarball }) => tarball)
  const installed = run(
    "npm",
    [...args, ...tarballs, ...peersOf(packages), versionHere("@types/node") ?? "@types/node"],
    folder,
  )
  if (!installed.ok) findings.push({ file: "npm install of the tarballs", message: installed.output })
  return installed.ok
}

/** Subpaths that hold code. */
function subpathsOf({ manifest }: Packed): readonly string[] {
  return Object.keys(manifest.exports ?? {}).filter(path => !/\*|\.json$|\.css$/.test(path))
}

/** Compiles a user's file that imports every subpath, and our declarations with it, in the ways users resolve modules. */
function checkTypes(packages: readonly Packed[]): void {
  const specifiers = packages.flatMap(packed =>
    subpathsOf(packed).map(subpath => `${packed.manifest.name}${subpath.slice(1)}`),
  )
  const lines = specifiers.map(
    (specifier, index) => `export * as m${index} from ${JSON.stringify(specifier)}`,
  )
  writeFileSync(join(folder, "user.ts"), `${lines.join("\n")}\n`)
  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ] as const) {
    const options = {
      module,
      moduleResolution,
      target: "es2023",
      strict: true,
      noEmit: true,
      types: ["node"],
    }
    const config = { compilerOptions: { ...options, exactOptionalPropertyTypes: true }, files: ["user.ts"] }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
    const { output } = run("tsc", ["-p", folder, "--pretty", "false"], folder)
    const ours = output.split("\n").filter(line => /^(user\.ts|node_modules\/@?denglu\/)/.test(line))
    for (const line of ours) findings.push({ file: `types as ${moduleResolution} sees them`, message: line })
  }
}

function checkImports(packed: Packed): number {
  const { folder: file, manifest } = packed
  const subpaths = subpathsOf(packed)
  for (const subpath of subpaths) {
    const specifier = `${manifest.name}${subpath.slice(1)}`
    const code = `const m = await import(${JSON.stringify(specifier)}); if (Object.keys(m).length === 0) throw new Error("exports nothing"); if ("default" in m) throw new Error("has a default export")`
    const imported = run(process.execPath, ["--input-type=module", "-e", code], folder)
    if (!imported.ok) findings.push({ file, message: `${specifier} can't be imported:\n${imported.output}` })
  }
  for (const command of Object.keys(manifest.bin ?? {})) {
    const help = run(process.execPath, [join(folder, "node_modules", ".bin", command), "--help"], folder)
    if (!help.ok) findings.push({ file, message: `${command} --help fails:\n${help.output}` })
  }
  return subpaths.length
}

try {
  const packages = publishedPackages().map(pack)
  packages.forEach(checkTarball)
  const installed = install(packages)
  if (installed) checkTypes(packages)
  const imported = installed ? packages.map(checkImports) : []
  const subpaths = imported.reduce((sum, count) => sum + count, 0)
  report(findings, `${packages.length} packages packed and installed, ${subpaths} subpaths imported.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
