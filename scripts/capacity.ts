/** `npm run capacity`: computes the tables of the capacity pages and writes them there; `--check` only looks; `--measure` measures first. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { measuredFiles, measuredMore, readFigures } from "./capacity/figures.ts"
import { capacityPages, withTables } from "./capacity/pages.ts"
import { read, report, root } from "./repository.ts"

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false }, measure: { type: "boolean", default: false } },
})

if (values.measure) {
  const { measureMore } = await import("./capacity/measure.ts")
  writeFileSync(join(root, measuredMore), await measureMore(line => console.log(line)))
}
const measured = readFigures()
const stale = capacityPages.filter(({ file, language }) => {
  const before = read(file)
  const after = withTables(before, language, measured)
  if (before === after) return false
  if (!values.check) writeFileSync(join(root, file), after)
  return values.check
})
report(
  stale.map(({ file }) => ({ file, message: "is not what the figures say: npm run capacity" })),
  `${capacityPages.length} pages computed from ${measuredFiles.join(", ")}.`,
)
