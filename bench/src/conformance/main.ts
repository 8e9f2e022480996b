/**
 * `npm run conformance -w bench`: our client and what people use today, before the same rules. `-- --docs` writes the
 * table into docs/.
 */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { runConformance } from "@denglu/miniprogram/conformance"
import { renderTable } from "../measure/table.ts"
import { clients } from "./clients.ts"
import { conformancePage } from "./conformance-page.ts"
import { type Column, conformanceTable } from "./conformance-table.ts"

const say = (line: string) => console.log(line)

// A client that lets a failure fall to the ground is judged by what its callers see.
process.on("unhandledRejection", () => {})

const columns: Column[] = []
// One after another: one of the rules is about what is printed.
for (const client of await clients(say)) {
  say(`playing with ${[client.name, client.version].filter(Boolean).join(" ")} …`)
  columns.push({ client, results: await runConformance(client.create) })
}
say(`\n${renderTable(conformanceTable(columns))}`)

if (process.argv.includes("--docs")) {
  const day = new Date().toISOString().slice(0, 10)
  for (const language of ["en", "zh"] as const) {
    const file = fileURLToPath(new URL(`../../../docs/${language}/conformance.md`, import.meta.url))
    writeFileSync(file, conformancePage(language, columns, day))
  }
  say("\ndocs/en/conformance.md, docs/zh/conformance.md")
}
process.exitCode = columns[0]?.results.every(({ passed }) => passed) ? 0 : 1
