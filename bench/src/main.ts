/** `npm run bench`: Denglu beside what people use today, on this machine, in alternating rounds. */
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Verdict } from "./bench.ts"
import { renderTable } from "./measure/table.ts"
import { needTools } from "./measure/wrk.ts"
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

It needs Linux with two cores, wrk and taskset; peers want Redis on 127.0.0.1:6379. About ten minutes.`

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

process.on("SIGINT", () => process.exit(130))
process.on("SIGTERM", () => process.exit(143))

if (values.help) console.log(help)
else await run()

async function run(): Promise<void> {
  const chosen = positionals.length === 0 ? parts : parts.filter(({ name }) => positionals.includes(name))
  const unknown = positionals.filter(name => !parts.some(part => part.name === name))
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(", ")}; see --help`)
  needTools()
  const bench = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    peers: values.peers,
    say: (line: string) => console.log(line),
  }
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`)
  const verdicts: Verdict[] = []
  for (const part of chosen) {
    console.log(`\n== ${part.name}: ${part.does}\n`)
    verdicts.push(...(await part.run(bench)))
  }
  console.log(`\n${renderVerdicts(verdicts)}`)
  keep(verdicts)
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

function keep(verdicts: readonly Verdict[]): void {
  const folder = fileURLToPath(new URL("../results", import.meta.url))
  mkdirSync(folder, { recursive: true })
  const date = new Date().toISOString()
  writeFileSync(
    `${folder}/${date.replaceAll(":", "-")}.json`,
    `${JSON.stringify({ date, node: process.versions.node, verdicts }, undefined, 2)}\n`,
  )
}
