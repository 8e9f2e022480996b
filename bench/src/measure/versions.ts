import { readFileSync } from "node:fs"
import { release } from "node:os"
import { fileURLToPath } from "node:url"

const peers = new URL("../../peers/", import.meta.url)

/** The peers and their versions, as pinned. */
export function peerVersions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(
    readFileSync(fileURLToPath(new URL("package.json", peers)), "utf8"),
  ) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return dependencies
}

/** The system the bench runs on: `Debian GNU/Linux 12 (bookworm), Linux 6.1`. */
export function systemName(): string {
  let name = ""
  try {
    name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? ""
  } catch {
    // Not every system has the file.
  }
  return [name, `Linux ${release()}`].filter(Boolean).join(", ")
}
