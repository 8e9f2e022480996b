import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./repository.ts"

/** The licence text of a bundled package, which has to go where its code goes. @throws Error if it has none */
export function licenceOf(name: string): string {
  const path = join(root, "node_modules", name)
  const file = readdirSync(path).find(candidate => /^(licen[cs]e|copying)(\.|$)/i.test(candidate))
  if (file === undefined) throw new Error(`${name} is bundled and has no licence file`)
  return `# ${name}\n\n${readFileSync(join(path, file), "utf8").trim()}\n`
}
