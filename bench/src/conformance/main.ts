/** `npm run conformance -w bench`: our client and what people use today, before the same rules. */
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { runConformance } from "@denglu/miniprogram/conformance"
import { renderTable } from "../measure/table.ts"
import { clients } from "./clients.ts"
import { type Column, conformanceTable, renderMarkdown } from "./render-conformance.ts"

const say = (line: string) => console.log(line)

// A client that lets a failure fall to the ground is judged by what its callers see.
process.on("unhandledRejection", () => {})

const columns: Column[] = []
// One after another: one of the rules is about what is printed.
for (const { name, create } of await clients(say)) {
  say(`playing with ${name} …`)
  columns.push({ client: name, results: await runConformance(create) })
}
say(`\n${renderTable(conformanceTable(columns))}`)

const folder = fileURLToPath(new URL("../../results", import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}/conformance.md`, renderMarkdown(columns))
say("\nbench/results/conformance.md")
process.exitCode = columns[0]?.results.every(({ passed }) => passed) ? 0 : 1
