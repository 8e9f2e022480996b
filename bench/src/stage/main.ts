/**
 * `npm run stage -w bench -- FOLDER`: how much of somebody else's mini program compiles and opens on the stage.
 * `--json FILE` keeps the figures, `--docs` writes the pages in docs/.
 */
import { writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { measureStage } from "./measure-stage.ts"
import { stagePage } from "./stage-page.ts"
import { causeRows, figureRows } from "./stage-table.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: "string", default: "somebody/mini-program" },
    commit: { type: "string", default: "unknown" },
    json: { type: "string" },
    docs: { type: "boolean", default: false },
  },
})
const [folder] = positionals
if (folder === undefined) {
  console.error(
    "Usage: npm run stage -w bench -- <folder of a mini program> [--project owner/name] [--commit hash] [--json file] [--docs]",
  )
  process.exit(2)
}
// npm changes into the workspace; paths are meant from where it was called.
const from = (path: string) => resolve(process.env.INIT_CWD ?? ".", path)
const { project, commit, json, docs } = values
const figures = await measureStage({ root: from(folder), project, commit }, line => console.log(line))

print("", figureRows(figures, "en"))
print("pages that threw, by cause", causeRows(figures, "en"))
for (const { en, thrown } of figures.causes)
  console.log(`\n${en}\n${thrown.map(text => `  ${text}`).join("\n")}`)
if (figures.compile.mistakes.length > 0)
  console.log(`\nmistakes in the sources\n${figures.compile.mistakes.map(text => `  ${text}`).join("\n")}`)

if (json !== undefined) writeFileSync(from(json), `${JSON.stringify(figures, undefined, 2)}\n`)
if (docs)
  for (const language of ["en", "zh"] as const)
    writeFileSync(
      fileURLToPath(new URL(`../../../docs/${language}/stage-figures.md`, import.meta.url)),
      stagePage(language, figures),
    )

function print(title: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(`\n${title}`)
  for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value}`)
}
