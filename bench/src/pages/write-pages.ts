import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { renderLargePage } from "./large-page.ts"
import { renderMeasured } from "./measured.ts"
import { renderPage } from "./page.ts"
import { drawPlots } from "./plots.ts"
import type { Result } from "./result.ts"

const docs = fileURLToPath(new URL("../../../docs", import.meta.url))

/**
 * Writes the pages, the plots and the figures of a run into `docs/`; of a run of nothing but ten million sessions only their page.
 * Answers their paths there.
 */
export function writePages(result: Result): readonly string[] {
  const [en, zh] = [renderLargePage(result, "en"), renderLargePage(result, "zh")]
  const isLargeAlone = en !== undefined && result.figures.databases?.logins === undefined
  const files = new Map<string, string>([
    ...(en === undefined ? [] : ([["en/benchmarks-large.md", en]] as const)),
    ...(zh === undefined ? [] : ([["zh/benchmarks-large.md", zh]] as const)),
    ...(isLargeAlone
      ? []
      : ([
          ["en/benchmarks.md", renderPage(result, "en")],
          ["zh/benchmarks.md", renderPage(result, "zh")],
          ["measured.json", renderMeasured(result)],
          ...drawPlots(result),
        ] as const)),
  ])
  for (const [file, content] of files) {
    mkdirSync(dirname(join(docs, file)), { recursive: true })
    writeFileSync(join(docs, file), content)
  }
  return [...files.keys()]
}
