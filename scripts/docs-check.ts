import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { blocksOfDocument, blocksOfSource, type DocBlock, isDocument, isSource } from "./doc-blocks.ts"
import { type Finding, publishedPackages, read, report, repositoryFiles, root } from "./repository.ts"

/**
 * Compiles every TypeScript block of the documents and every `@example` against what the packages export.
 *
 * After the fence's `ts` may stand: `continues` (goes on from the block before it in the same file), or
 * `no-check reason="…"` (is not compiled, and says why).
 */
const folder = join(root, ".tmp", "doc-blocks")

interface Origin {
  readonly file: string
  readonly line: number
}
interface Module {
  readonly name: string
  readonly lines: string[]
  readonly origins: Origin[]
}

function addBlock(module: Module, block: DocBlock): void {
  for (const [index, line] of block.lines.entries()) {
    module.lines.push(line)
    module.origins.push({ file: block.file, line: block.firstLine + index })
  }
}

function modulesOf(
  blocks: readonly DocBlock[],
  findings: Finding[],
): { modules: Module[]; unchecked: number } {
  const modules: Module[] = []
  let unchecked = 0
  let last: { file: string; module: Module } | undefined
  for (const block of blocks) {
    const at = { file: block.file, line: block.firstLine }
    if (/\bno-check\b/.test(block.info)) {
      unchecked += 1
      if (!/\breason="[^"]{8,}"/.test(block.info)) {
        findings.push({ ...at, message: 'is not checked and gives no reason: ```ts no-check reason="…"' })
      }
      continue
    }
    if (block.info === "continues" && last?.file === block.file) {
      addBlock(last.module, block)
      continue
    }
    if (block.info !== "") {
      findings.push({ ...at, message: `has words after its fence that mean nothing here: ${block.info}` })
    }
    const slug = block.file.replaceAll(/[^\w]+/g, "-").replace(/^-/, "")
    const module: Module = { name: `${slug}-${block.firstLine}.ts`, lines: [], origins: [] }
    addBlock(module, block)
    modules.push(module)
    last = { file: block.file, module }
  }
  return { modules, unchecked }
}

/** Runs the compiler over the modules, and moves what it says back to where the code was written. */
function compile(modules: readonly Module[]): readonly Finding[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const config = {
    extends: "../../tsconfig.base.json",
    compilerOptions: { noEmit: true, moduleDetection: "force" },
    include: ["*.ts"],
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
  for (const { name, lines } of modules) writeFileSync(join(folder, name), `${lines.join("\n")}\n`)
  const { status, stdout } = spawnSync("tsc", ["-p", ".", "--pretty", "false"], {
    cwd: folder,
    encoding: "utf8",
  })
  const findings: Finding[] = []
  let elsewhere = 0
  for (const line of stdout.split("\n")) {
    const match = /^(\S+?)\((\d+),\d+\): error (.*)$/.exec(line)
    if (match === null) continue
    const [, name = "", row = "1", message = ""] = match
    const origin = modules.find(module => module.name === name)?.origins[Number(row) - 1]
    if (origin !== undefined) findings.push({ ...origin, message })
    else elsewhere += 1
  }
  if (elsewhere > 0) {
    findings.push({ file: "packages", message: `have ${elsewhere} errors of their own: see npm run types` })
  }
  if (status !== 0 && findings.length === 0) findings.push({ file: "tsc", message: stdout.trim() })
  return findings
}

/** Subpaths that documents import from must be in the package's `exports`: the compiler's word for it is vague. */
function unknownSubpaths(blocks: readonly DocBlock[]): readonly Finding[] {
  const packages = publishedPackages().map(({ manifest }) => manifest)
  const findings: Finding[] = []
  for (const block of blocks) {
    for (const [index, line] of block.lines.entries()) {
      for (const [, specifier = ""] of line.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
        const owner = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
        const subpath = owner === undefined ? "" : `.${specifier.slice(owner.name.length)}`
        if (owner === undefined || owner.exports?.[subpath] !== undefined) continue
        const at = { file: block.file, line: block.firstLine + index }
        findings.push({ ...at, message: `imports ${specifier}, which ${owner.name} does not export` })
      }
    }
  }
  return findings
}

const files = repositoryFiles()
const blocks = [
  ...files.filter(isDocument).flatMap(file => blocksOfDocument(file, read(file))),
  ...files.filter(isSource).flatMap(file => blocksOfSource(file, read(file))),
]
const typescript = blocks.filter(block => ["ts", "typescript", "tsx"].includes(block.language))
const javascript = blocks.filter(block => ["js", "javascript", "mjs"].includes(block.language))
const findings: Finding[] = [...unknownSubpaths([...typescript, ...javascript])]
const { modules, unchecked } = modulesOf(typescript, findings)
if (modules.length > 0) findings.push(...compile(modules))
report(findings, `${modules.length} blocks of code compiled, ${unchecked} opted out.`)
