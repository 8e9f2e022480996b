import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const packages = fileURLToPath(new URL("../../../packages", import.meta.url))

/** Names, sizes and times of the files that servers are started from, as one text: it is another if one of them is changed. */
export function sourcesNow(): string {
  return sourceFiles(["denglu/src", "simulator/src"])
    .map(file => {
      const { size, mtimeMs } = statSync(file)
      return `${file} ${size} ${mtimeMs}`
    })
    .sort()
    .join("\n")
}

/** When denglu's sources were last changed, in ms since 1970. */
export function lastChange(): number {
  return Math.max(...sourceFiles(["denglu/src"]).map(file => statSync(file).mtimeMs))
}

function sourceFiles(folders: readonly string[]): readonly string[] {
  return folders.flatMap(folder =>
    readdirSync(join(packages, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name)),
  )
}
