import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL("../../peers", import.meta.url))

/** Installs what we are compared with, once. @throws Error if npm can't */
export function installPeers(say: (line: string) => void): void {
  if (existsSync(`${folder}/node_modules/.package-lock.json`)) return
  say("installing the peers (once) …")
  const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
  })
  if (status !== 0) throw new Error(`npm ci in bench/peers failed:\n${stderr.slice(-2000)}`)
}
