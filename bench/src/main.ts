/** `npm run bench`: Denglu beside what people use today, on this machine, in alternating rounds. */
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Bench, Verdict } from "./bench.ts"
import { sourcesNow } from "./measure/sources.ts"
import { renderTable } from "./measure/table.ts"
import { needTools } from "./measure/tools.ts"
import { check } from "./parts/check.ts"
import { login } from "./parts/login.ts"
import { memory } from "./parts/memory.ts"
import { start } from "./parts/start.ts"

const parts = [check, login, memory, start]

const help = `npm run bench -- [PART …] [--rounds N] [--seconds N] [--no-peers]

${parts.map(({ name, does }) => `  ${name.padEnd(8)} ${does}`).join("\n")}

  --rounds N    rounds, every candidate once in each; default: 3
  --seconds N   seconds a window; default: 4
  --no-peers    only ours and the bare frameworks
  --help        this

It needs Linux with two cores; wrk and taskset, strace for login, redis-server for the peers of check.
BENCH_FOLDER is where databases are written: on a disk. About ten minutes. Ends with 1 if a target was missed.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    peers: { type: "boolean", default: true },
    help: { type: "boolean", default: false },
  },
})

// Ends what was started, too: see children.ts.
process.on("SIGHUP", () => process.exit(129))
process.on("SIGINT", () => process.exit(130))
process.on("SIGTERM", () => process.exit(143))

if (values.help) console.log(help)
else await run()

async function run(): Promise<void> {
  const chosen = positionals.length === 0 ? parts : parts.filter(({ name }) => positionals.includes(name))
  const unknown = positionals.filter(name => !parts.some(part => part.name === name))
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(", ")}; see --help`)
  const bench: Bench = {
    rounds: readCount("rounds", values.rounds),
    seconds: readCount("seconds", values.seconds),
    peers: values.peers,
    say: (line: string) => console.log(line),
  }
  needTools(chosen.flatMap(part => part.tools(bench)))
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`)
  const verdicts: Verdict[] = []
  const figures: Record<string, unknown> = {}
  for (const part of chosen) {
    console.log(`\n== ${part.name}: ${part.does}\n`)
    const sources = sourcesNow()
    const report = await part.run(bench)
    verdicts.push(...report.verdicts)
    // Every window starts its server anew: after a change the rounds are no longer of the same thing.
    const same = sources === sourcesNow()
    if (!same)
      verdicts.push({
        what: `${part.name}: sources changed meanwhile`,
        value: 1,
        unit: "",
        target: "= 0",
        met: same,
      })
    figures[part.name] = report.figures
  }
  console.log(`\n${renderVerdicts(verdicts)}`)
  console.log(`\n${keep({ rounds: bench.rounds, seconds: bench.seconds, verdicts, figures })}`)
  process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1
}

function renderVerdicts(verdicts: readonly Verdict[]): string {
  return renderTable([
    ["", "measured", "wanted", ""],
    ...verdicts.map(({ what, value, unit, target, met }) => [
      what,
      `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`,
      target,
      met ? "✓" : "✗ missed",
    ]),
  ])
}

function readCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${option} takes a number from 1 to 9999, not ${text}`)
  return Number(text)
}

/** Answers the path of the file, from the folder of the project. */
function keep(report: Readonly<Record<string, unknown>>): string {
  const folder = fileURLToPath(new URL("../results", import.meta.url))
  mkdirSync(folder, { recursive: true })
  const date = new Date().toISOString()
  const name = `${date.replaceAll(":", "-")}.json`
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`
  const content = { date, node: process.versions.node, machine, ...report }
  writeFileSync(`${folder}/${name}`, `${JSON.stringify(content, undefined, 2)}\n`)
  return `bench/results/${name}`
}
