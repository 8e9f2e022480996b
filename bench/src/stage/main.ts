import { resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { compileProject, createCompiler, stageRuntime } from "@denglu/stage"
import { type OpenedPage, openPages } from "./open-pages.ts"

/** `npm run stage -w bench -- FOLDER`: how much of somebody else's mini program compiles and opens on the stage. */
const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error("Usage: npm run stage -w bench -- <folder of a mini program>")
  process.exit(2)
}
const root = resolve(process.env.INIT_CWD ?? ".", folder)

const started = performance.now()
const program = await compileProject(root)
const coldMs = performance.now() - started
const warm = createCompiler(root)
await warm.compile()
const again = performance.now()
await warm.compile()
const warmMs = performance.now() - again

const { pages } = program.app
const errors = program.problems.filter(({ level }) => level === "error")
const bad = new Set(errors.map(({ path }) => path.replace(/\.\w+$/, "")))
console.log(`pages ${pages.length}, components ${Object.keys(program.components).length - pages.length}`)
console.log(
  `compiled without an error: ${pages.filter(page => !bad.has(page)).length} of ${pages.length} pages, ${Math.round(coldMs)} ms cold, ${Math.round(warmMs)} ms with nothing changed`,
)
for (const { path, line, column, message } of errors)
  console.log(`  ${[path, line, column].filter(Boolean).join(":")} ${message}`)

const runtime = await stageRuntime()
console.log(
  `runtime ${(runtime.length / 1000).toFixed(0)} kB minified, ${(gzipSync(runtime, { level: 9 }).length / 1000).toFixed(1)} kB gzipped`,
)

const opened = await openPages(program, ({ path, thrown }, index) => {
  if (process.stdout.isTTY) process.stdout.write(`\r${index + 1} of ${pages.length} ${path}\x1b[K`)
  else if (thrown !== undefined) console.log(`  ${path}: ${thrown}`)
})
const boots = opened.map(({ bootMs }) => bootMs).sort((a, b) => a - b)
console.log(
  `\nopened without an exception: ${opened.filter(({ thrown }) => thrown === undefined).length} of ${pages.length} pages`,
)
console.log(
  `boot in jsdom: median ${Math.round(boots[Math.floor(boots.length / 2)] ?? 0)} ms, slowest ${Math.round(boots.at(-1) ?? 0)} ms`,
)
for (const [reason, count] of reasons(opened)) console.log(`  ${count} × ${reason}`)

/** The exceptions, the most frequent first. */
function reasons(pages: readonly OpenedPage[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { thrown } of pages) if (thrown !== undefined) counts.set(thrown, (counts.get(thrown) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}
