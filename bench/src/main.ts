/** `npm run bench`: Denglu beside what people use today, on this machine, in alternating rounds. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { type Bench, failed, type Verdict } from "./bench.ts"
import { sourcesNow } from "./measure/sources.ts"
import { renderTable } from "./measure/table.ts"
import { needTools } from "./measure/tools.ts"
import { peerVersions, systemName } from "./measure/versions.ts"
import type { Result } from "./pages/result.ts"
import { writePages } from "./pages/write-pages.ts"
import { check } from "./parts/check.ts"
import { databases } from "./parts/databases/databases.ts"
import { login } from "./parts/login.ts"
import { memory } from "./parts/memory.ts"
import { start } from "./parts/start.ts"

const parts = [check, login, databases, memory, start]

const help = `npm run bench -- [PART …] [--rounds N] [--seconds N] [--no-peers]

${parts.map(({ name, does }) => `  ${name.padEnd(10)} ${does}`).join("\n")}

  --rounds N    rounds, every candidate once in each; default: 3
  --seconds N   seconds a window; default: 4
  --repeats N   how often a window that other programs disturbed is measured again; default: 2
  --only REGEX  candidates of databases whose names match
  --sessions N  how many sessions databases puts at rest; default: 1000000
  --large       databases with ten million sessions too: 11 GB of disk, three quarters of an hour
  --large-alone of databases only that
  --no-peers    only ours and the bare frameworks
  --pages       write docs/ from this run even if it is not of everything
  --render FILE write docs/ from an earlier run, a file in bench/results
  --help        this

A run of all parts and candidates writes docs/en/benchmarks.md, docs/zh/benchmarks.md, their plots, and docs/measured.json.
It needs Linux with two cores; wrk and taskset, strace for login, redis-server for the peers of check; PostgreSQL, MariaDB and Redis for
databases, which starts its own. BENCH_FOLDER is where databases are written: on a disk. Ends with 1 if a target was missed.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    repeats: { type: "string", default: "2" },
    sessions: { type: "string", default: "1000000" },
    only: { type: "string", default: "" },
    peers: { type: "boolean", default: true },
    large: { type: "boolean", default: false },
    "large-alone": { type: "boolean", default: false },
    pages: { type: "boolean", default: false },
    render: { type: "string" },
    help: { type: "boolean", default: false },
  },
})

// Ends what was started, too: see children.ts.
process.on("SIGHUP", () => process.exit(129))
process.on("SIGINT", () => process.exit(130))
process.on("SIGTERM", () => process.exit(143))

if (values.help) console.log(help)
else if (values.render !== undefined)
  tellWritten(JSON.parse(readFileSync(values.render, "utf8"), (_, value) => value ?? Number.NaN) as Result)
else await run()

async function run(): Promise<void> {
  const chosen = positionals.length === 0 ? parts : parts.filter(({ name }) => positionals.includes(name))
  const unknown = positionals.filter(name => !parts.some(part => part.name === name))
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(", ")}; see --help`)
  const bench: Bench = {
    rounds: readCount("rounds", values.rounds),
    seconds: readCount("seconds", values.seconds),
    repeats: readCount("repeats", values.repeats),
    sessions: readCount("sessions", values.sessions),
    peers: values.peers,
    large: values.large || values["large-alone"],
    largeAlone: values["large-alone"],
    wants: candidate => new RegExp(values.only, "i").test(candidate),
    say: (line: string) => console.log(line),
  }
  needTools(chosen.flatMap(part => part.tools(bench)))
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`)
  const verdicts: Verdict[] = []
  const figures: Record<string, unknown> = {}
  for (const part of chosen) {
    console.log(`\n== ${part.name}: ${part.does}\n`)
    const sources = sourcesNow()
    const report = await part.run(bench).catch(error => ({
      verdicts: [failed(part.name, error)],
      figures: undefined,
    }))
    verdicts.push(...report.verdicts)
    // Every window starts its server anew: after a change the rounds are no longer of the same thing.
    if (sources !== sourcesNow())
      verdicts.push({
        what: { en: `${part.name}: sources changed meanwhile`, zh: `${part.name}：测量期间源码被改动` },
        value: 1,
        unit: "",
        target: "= 0",
        met: false,
      })
    figures[part.name] = report.figures
  }
  console.log(`\n${renderVerdicts(verdicts)}`)
  const result: Result = {
    date: new Date().toISOString(),
    node: process.versions.node,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
    system: systemName(),
    versions: peerVersions(),
    rounds: bench.rounds,
    seconds: bench.seconds,
    verdicts,
    figures,
  }
  console.log(`\n${keep(result)}`)
  if (values.pages || bench.largeAlone || (chosen === parts && values.peers && values.only === ""))
    tellWritten(result)
  process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1
}

function tellWritten(result: Result): void {
  console.log(
    `written: ${writePages(result)
      .map(file => `docs/${file}`)
      .join(", ")}`,
  )
}

function renderVerdicts(verdicts: readonly Verdict[]): string {
  const table = renderTable([
    ["", "measured", "wanted", ""],
    ...verdicts.map(({ what, value, unit, target, met }) => [
      what.en,
      `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`,
      target,
      met ? "✓" : "✗ missed",
    ]),
  ])
  const limits = verdicts.filter(({ met, note }) => !met && note !== undefined)
  return [table, ...limits.map(({ what, note }) => `${what.en}: ${note?.en}`)].join("\n")
}

function readCount(option: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new Error(`--${option} takes a whole number, not ${text}`)
  return Number(text)
}

/** Answers the path of the file, from the folder of the project. */
function keep(result: Result): string {
  const folder = fileURLToPath(new URL("../results", import.meta.url))
  mkdirSync(folder, { recursive: true })
  const name = `${result.date.replaceAll(":", "-")}.json`
  writeFileSync(`${folder}/${name}`, `${JSON.stringify(result, undefined, 2)}\n`)
  return `bench/results/${name}`
}
