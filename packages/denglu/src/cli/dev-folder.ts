import { randomBytes } from "node:crypto"
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CliError } from "./cli-error.ts"

/** What `denglu dev` keeps under `.denglu/`, so that people and tokens are the same after a restart. */
export interface DevFolder {
  readonly path: string
  readonly store: string
  /** The file that `store` names. */
  readonly database: string
  /** Where the pictures people choose are kept. */
  readonly avatars: string
  readonly secret: string
  /** The pretend mini program. */
  readonly app: { readonly appid: string; readonly secret: string }
  /** Where the simulated WeChat of the last `denglu dev` was. */
  readonly simulatorUrl: string | undefined
}

interface Kept {
  readonly secret: string
  readonly app: { readonly appid: string; readonly secret: string }
  readonly simulatorUrl?: string
}

const folderName = ".denglu"

/** Opens the folder; with `create` it is made if it isn't there. @throws CliError if there is none, or it can't be written */
export function openDevFolder(cwd: string, create: boolean): DevFolder {
  const path = join(cwd, folderName)
  const file = join(path, "dev.json")
  if (!existsSync(file)) {
    if (!create)
      throw new CliError({
        en: `There is no ${folderName}/ in this folder: run \`denglu dev\` here first, or leave --dev out.`,
        zh: `当前目录没有 ${folderName}/：请先在此运行 denglu dev，或去掉 --dev。`,
      })
    make(path, file)
  }
  const kept = read(file)
  const database = join(path, "login.db")
  for (const needed of [path, file, database]) if (existsSync(needed)) checkWritable(path, needed)
  return {
    path,
    avatars: join(path, "avatars"),
    database,
    store: `sqlite:${database}`,
    simulatorUrl: undefined,
    ...kept,
  }
}

/** Notes where the simulated WeChat is, for `denglu doctor --dev`. */
export function noteSimulator(folder: DevFolder, simulatorUrl: string): void {
  const { secret, app } = folder
  write(join(folder.path, "dev.json"), { secret, app, simulatorUrl })
}

function make(path: string, file: string): void {
  try {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, ".gitignore"), "*\n")
    write(file, {
      secret: randomBytes(32).toString("base64"),
      app: { appid: "wxsim0000000000001", secret: randomBytes(16).toString("hex") },
    })
  } catch (error) {
    throw notWritable(path, error)
  }
}

/** Now, and not at the first login, which nobody would connect with it. */
function checkWritable(path: string, needed: string): void {
  try {
    accessSync(needed, constants.W_OK)
  } catch (error) {
    throw notWritable(path, error)
  }
}

function notWritable(path: string, error: unknown): CliError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown"
  return new CliError({
    en: `${path} can't be written (${code}). Run it in a folder of your own.`,
    zh: `无法写入 ${path}（${code}）。请在自己的目录中运行。`,
  })
}

function write(file: string, kept: Kept): void {
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 })
}

function read(file: string): Kept {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Kept
    if (typeof kept.secret === "string" && typeof kept.app?.secret === "string") return kept
  } catch {
    // Told below, with what to do about it.
  }
  throw new CliError({
    en: `${file} is damaged. Delete the folder ${folderName}/ to begin afresh.`,
    zh: `${file} 已损坏。删除 ${folderName}/ 目录即可重新开始。`,
  })
}
