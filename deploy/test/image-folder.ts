import { execFileSync, type SpawnOptions, spawn } from "node:child_process"
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { root } from "../../scripts/repository.ts"
import { environmentOf, execForm, type Instruction, ofImage } from "./dockerfile.ts"

/** Whether what the image packs has been built. */
export function isBuilt(): boolean {
  return existsSync(join(root, "packages/denglu/dist/bundle/main.js"))
}

/** What a container's `/app` would hold, made on this machine by the Dockerfile's own words. */
export interface ImageFolder {
  readonly path: string
  /** A path or a command of the image as it is called here. */
  here(text: string): string
  remove(): void
}

/**
 * Runs the build stage's instructions with the repository for `/src` and a temporary folder for `/app`, all but the first `RUN`
 * (`npm ci` and the build, which the repository has behind it), then the files that the last stage copies.
 */
export function makeImageFolder(instructions: readonly Instruction[]): ImageFolder {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "denglu-image-")))
  // In a container the user who runs it can read everything, too.
  chmodSync(parent, 0o755)
  const path = join(parent, "app")
  mkdirSync(path)
  const here = (text: string) =>
    text.replaceAll(/\/src\b/g, root).replaceAll(/(^|[\s"'=])\/app\b/g, (_, before) => `${before}${path}`)
  const runs = instructions.filter(({ name, stage }) => name === "RUN" && stage === 0).slice(1)
  for (const { text } of runs) execFileSync("sh", ["-c", here(text)], { cwd: path, stdio: "pipe" })
  for (const text of ofImage(instructions, "COPY")) {
    const words = text.split(/\s+/)
    if (words[0]?.startsWith("--from")) continue
    for (const source of words.slice(0, -1)) cpSync(join(root, source), join(path, basename(source)))
  }
  return { path, here, remove: () => rmSync(parent, { recursive: true, force: true }) }
}

/** A process that runs what a container would. */
export interface Running {
  readonly pid: number
  output(): string
  printed(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<number | null>
}

/** The environment of a container: the image's, and what `docker run --env` says. */
export function containerEnvironment(
  instructions: readonly Instruction[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const { PATH = "" } = process.env
  return { PATH, ...environmentOf(instructions), ...given }
}

export function startCommand(instructions: readonly Instruction[], image: ImageFolder): readonly string[] {
  const [entry] = ofImage(instructions, "ENTRYPOINT")
  const [command] = ofImage(instructions, "CMD")
  return [...execForm(entry), ...execForm(command)].map(image.here)
}

export function run(words: readonly string[], options: SpawnOptions): Running {
  const [command = "", ...args] = words
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] })
  let said = ""
  let over = false
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", text => {
      said += text
      tell()
    })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", code => {
      over = true
      tell()
      resolve(code)
    })
  })
  return {
    pid: child.pid ?? 0,
    output: () => said,
    printed: pattern =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said)
          if (match === null && !over) return
          listeners.delete(look)
          if (match === null) reject(new Error(`${words.join(" ")} ended: ${said}`))
          else resolve(match)
        }
        listeners.add(look)
        look()
      }),
    ended,
  }
}
