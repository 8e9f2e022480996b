import { execFileSync } from "node:child_process"
import { availableParallelism, loadavg } from "node:os"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { compileProject, stageRuntime } from "@denglu/stage"
import { bootInChromium, bootInJsdom } from "./boot-times.ts"
import { countCauses } from "./cause-of.ts"
import { openPages } from "./open-pages.ts"
import { type Spread, spreadOf } from "./spread.ts"
import type { StageFigures } from "./stage-figures.ts"

const example = fileURLToPath(new URL("../../../examples/miniprogram", import.meta.url))

const compileOnce = fileURLToPath(new URL("compile-once.ts", import.meta.url))
const compilations = 5

interface Subject {
  readonly root: string
  readonly project: string
  readonly commit: string
}

/** Compiles somebody's mini program, opens each of its pages, and starts it. @param say takes lines of progress */
export async function measureStage(
  { root, project, commit }: Subject,
  say: (line: string) => void,
): Promise<StageFigures> {
  const before = loadavg()[0] ?? 0
  const program = await compileProject(root)
  const times = timeCompiling(root)
  const { pages } = program.app
  const mistakes = program.problems.filter(({ level }) => level === "error")
  const faulty = new Set(mistakes.map(({ path }) => path.replace(/\.\w+$/, "")))
  say(`compiled ${pages.length} pages in ${Math.round(times.cold.median)} ms, ${mistakes.length} mistakes`)

  const opened = await openPages(root, pages, ({ path, thrown }, index) => {
    const count = `${index + 1} of ${pages.length}`
    if (thrown.length > 0) say(`${count}  ${path}: ${thrown.join("; ")}`)
    else if ((index + 1) % 25 === 0) say(count)
  })
  say("starting it …")
  const jsdom = await bootInJsdom(program)
  const chromium = await bootInChromium(root)
  say("starting the example …")
  const small = await compileProject(example, { conditions: ["denglu-source"] })
  const exampleBoot = {
    jsdom: await bootInJsdom(small),
    chromium: (await bootInChromium(example))?.times,
  }
  const runtime = await stageRuntime()
  return {
    project,
    commit,
    day: new Date().toISOString().slice(0, 10),
    machine: {
      node: process.version,
      cores: availableParallelism(),
      load: [before, loadavg()[0] ?? 0],
      chromium: chromium?.version,
    },
    pages: pages.length,
    components: Object.keys(program.components).length - pages.length,
    compile: {
      pages: pages.filter(page => !faulty.has(page)).length,
      ...times,
      mistakes: mistakes.map(
        ({ path, line, column, message }) => `${[path, line, column].filter(Boolean).join(":")} ${message}`,
      ),
    },
    opened: opened.filter(({ thrown }) => thrown.length === 0).length,
    causes: countCauses(opened),
    boot: { jsdom, chromium: chromium?.times },
    exampleBoot,
    runtime: { minified: runtime.length, gzipped: gzipSync(runtime, { level: 9 }).length },
  }
}

/** Each in a process of its own. */
function timeCompiling(root: string): { cold: Spread; unchanged: Spread } {
  const runs = Array.from({ length: compilations }, () => {
    const args = ["--conditions=denglu-source", compileOnce, root]
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Record<
      "cold" | "unchanged",
      number
    >
  })
  return {
    cold: spreadOf(runs.map(({ cold }) => cold)),
    unchanged: spreadOf(runs.map(({ unchanged }) => unchanged)),
  }
}
