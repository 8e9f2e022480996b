import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { atMost, type Bench, type Part, type Verdict } from "../bench.ts"

const file = fileURLToPath(new URL("../servers/remember.ts", import.meta.url))

async function run<Result>(what: "cost" | "pass"): Promise<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    "--conditions=denglu-source",
    file,
    what,
  ])
  return JSON.parse(stdout) as Result
}

export const memory: Part = {
  name: "memory",
  does: "what a remembered token costs, and ten million tokens through a table of 100,000",
  async run({ say }: Bench): Promise<readonly Verdict[]> {
    const { size, bytes } = await run<{ readonly size: number; readonly bytes: number }>("cost")
    say(
      `${size} tokens remembered, ${bytes.toFixed(0)} bytes each, heap and outside it, with one of the two tables still empty`,
    )
    const { largest, samples } = await run<{ readonly largest: number; readonly samples: readonly number[] }>(
      "pass",
    )
    const megabytes = samples.map(sample => (sample / 1e6).toFixed(1))
    say(
      `held after each million of 10 million tokens, in MB: ${megabytes.join(" ")}; at most ${largest} remembered`,
    )
    // The tables fill and change places, so held memory goes up and down; what counts is that its height stays.
    const half = samples.length / 2
    const growth = Math.max(...samples.slice(half)) / Math.max(...samples.slice(0, half))
    return [
      atMost("memory: bytes a remembered token", bytes, 200, "B"),
      atMost("memory: most held in the last 5 of 10 million tokens, to the first 5", growth, 1.05),
      atMost("memory: tokens remembered at once, of a limit of 100,000", largest, 100_000, ""),
    ]
  },
}
