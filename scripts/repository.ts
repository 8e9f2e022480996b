import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "")

/** Files that git tracks or would track (new ones that aren't ignored), relative to the root, sorted. */
export function repositoryFiles(): readonly string[] {
  const out = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  })
  const files = out.split("\0").filter(file => file !== "" && existsSync(join(root, file)))
  return [...new Set(files)].sort()
}

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8")
}

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface PublishedPackage {
  /** Relative to the root: `packages/denglu`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Every folder under packages/ whose package.json is not private. */
export function publishedPackages(): readonly PublishedPackage[] {
  const found: PublishedPackage[] = []
  for (const name of readdirSync(join(root, "packages")).sort()) {
    const folder = `packages/${name}`
    if (!existsSync(join(root, folder, "package.json"))) continue
    const manifest = JSON.parse(read(`${folder}/package.json`)) as Manifest
    if (manifest.private !== true) found.push({ folder, manifest })
  }
  return found
}

/** One thing a check found wrong, in a form that editors turn into a link. */
export interface Finding {
  readonly file: string
  readonly line?: number
  readonly message: string
}

/** Prints the findings, or what was checked if there are none, and sets the exit code. */
export function report(findings: readonly Finding[], checked: string): void {
  for (const { file, line, message } of findings) {
    console.log(`${line === undefined ? file : `${file}:${line}`} ${message}`)
  }
  console.log(findings.length === 0 ? checked : `${findings.length} to mend; ${checked}`)
  if (findings.length > 0) process.exitCode = 1
}
