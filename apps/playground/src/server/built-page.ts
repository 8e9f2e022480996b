import { createHash } from "node:crypto"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs"
import { join, relative } from "node:path"
import type { Text } from "../protocol.ts"

export interface PageSources {
  /** The page's project: has index.html, vite.config.ts and src/. */
  readonly root: string
  /** Other folders of sources that it is built from. */
  readonly also?: readonly string[]
  /** A folder for builds; each has a name of its own there, by what it was built from. */
  readonly shelf: string
  /** Builds `root` into the folder. */
  readonly build: (root: string, folder: string) => Promise<void>
  readonly onProgress: (text: Text) => void
}

/**
 * The folder of the page as its sources are now, built if it never was. If that fails it is an older build, since that is
 * better than none; `undefined` if there is none.
 */
export async function builtPage(sources: PageSources): Promise<string | undefined> {
  const { shelf, onProgress } = sources
  const place = join(shelf, nameOf(sources))
  if (existsSync(place)) return place
  onProgress({ en: "building the playground's page, this once …", zh: "正在构建演练场页面，仅此一次……" })
  const startedAt = Date.now()
  try {
    await buildTo(place, sources)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    onProgress({ en: `the page could not be built: ${why}`, zh: `页面构建失败：${why}` })
    return latestOf(shelf)
  }
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1)
  onProgress({ en: `the page is built (${seconds} s)`, zh: `页面已构建完成（${seconds} 秒）` })
  return place
}

/** The prefix of folders that are not whole yet. */
const unfinished = "building-"

/** The folder appears when it is whole: two that start at once may build the same page. Older builds go. */
async function buildTo(place: string, { root, shelf, build }: PageSources): Promise<void> {
  mkdirSync(shelf, { recursive: true })
  const folder = mkdtempSync(join(shelf, unfinished))
  try {
    await build(root, folder)
    if (!existsSync(place)) renameSync(folder, place)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  for (const old of buildsOn(shelf)) if (old !== place) rmSync(old, { recursive: true, force: true })
}

function buildsOn(shelf: string): readonly string[] {
  if (!existsSync(shelf)) return []
  return readdirSync(shelf)
    .filter(name => !name.startsWith(unfinished))
    .map(name => join(shelf, name))
}

function latestOf(shelf: string): string | undefined {
  const age = (folder: string) => statSync(folder).mtimeMs
  return buildsOn(shelf).toSorted((one, other) => age(other) - age(one))[0]
}

/** Another one as soon as a source says something else. */
function nameOf({ root, also = [] }: PageSources): string {
  const hash = createHash("sha256")
  for (const file of [...sourceFiles(root), ...also.flatMap(filesIn)]) {
    hash.update(JSON.stringify([relative(root, file), readFileSync(file, "utf8")]))
  }
  return hash.digest("hex").slice(0, 16)
}

function sourceFiles(root: string): readonly string[] {
  const fixed = ["index.html", "shop.html", "vite.config.ts", join("src", "protocol.ts")]
  return [
    ...fixed.map(name => join(root, name)).filter(file => existsSync(file)),
    ...filesIn(join(root, "src", "page")),
  ]
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .toSorted()
}
