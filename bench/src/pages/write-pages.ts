import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { renderMeasured } from "./measured.ts"
import { renderPage } from "./page.ts"
import { drawPlots } from "./plots.ts"
import type { Result } from "./result.ts"

const docs = fileURLToPath(new URL("../../../docs", import.meta.url))

/** Writes the pages, the plots and the figures of a run into `docs/`. Answers their paths there. */
export function writePages(result: Result): readonly string[] {
  const files = new Map([
    ["en/benchmarks.md", renderPage(result, "en")],
    ["zh/benchmarks.md", renderPage(result, "zh")],
    ["measured.json", renderMeasured(result)],
    ...drawPlots(result),
  ])
  for (const [file, content] of files) {
    mkdirSync(dirname(join(docs, file)), { recursive: true })
    writeFileSync(join(docs, file), content)
  }
  return [...files.keys()]
}
