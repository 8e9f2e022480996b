import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { atMost, type Bench, type Part, type Report } from "../bench.ts"
import { endWithUs } from "../measure/children.ts"

const file = fileURLToPath(new URL("../servers/remember.ts", import.meta.url))

interface Cost {
  readonly size: number
  readonly bytes: number
}

interface Costs {
  readonly dearest: Cost
  readonly million: Cost
}

interface Pass {
  readonly largest: number
  readonly samples: readonly { readonly held: number; readonly resident: number }[]
}

async function run<Result>(what: "cost" | "pass"): Promise<Result> {
  const child = spawn(process.execPath, ["--expose-gc", "--conditions=denglu-source", file, what], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  endWithUs(child)
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, "exit")])
  if (status !== 0) throw new Error(`remember.ts ${what} ended with ${status}`)
  return JSON.parse(output) as Result
}

export const memory: Part = {
  name: "memory",
  does: "what a remembered token costs, and ten million tokens through a table of 100,000",
  tools: () => [],
  async run({ say }: Bench): Promise<Report> {
    const costs = await run<Costs>("cost")
    const { dearest, million } = costs
    say(
      `heap and outside it, a token: ${million.bytes.toFixed(0)} bytes with ${million.size} remembered; at most ` +
        `${dearest.bytes.toFixed(0)}, with ${dearest.size} and one of the two tables still empty`,
    )
    const passed = await run<Pass>("pass")
    const { largest, samples } = passed
    const megabytes = (of: "held" | "resident") =>
      samples.map(sample => (sample[of] / 1e6).toFixed(1)).join(" ")
    say("after each million of 10 million tokens, in MB:")
    say(`  held      ${megabytes("held")}`)
    say(`  resident  ${megabytes("resident")}; at most ${largest} remembered`)
    // The tables fill and change places, so held memory goes up and down; what counts is that its height stays.
    const held = samples.map(sample => sample.held)
    const half = held.length / 2
    const growth = Math.max(...held.slice(half)) / Math.max(...held.slice(0, half))
    return {
      figures: { ...costs, ...passed },
      verdicts: [
        atMost(
          { en: "memory: bytes a remembered token, at most", zh: "内存：每个记住的令牌最多占的字节" },
          Math.max(dearest.bytes, million.bytes),
          200,
          "B",
        ),
        atMost(
          {
            en: "memory: most held in the last 5 of 10 million tokens, to the first 5",
            zh: "内存：一千万个令牌中，后五百万与前五百万的最高占用之比",
          },
          growth,
          1.05,
        ),
        atMost(
          {
            en: "memory: tokens remembered at once, of a limit of 100,000",
            zh: "内存：同时记住的令牌（上限 100,000）",
          },
          largest,
          100_000,
          "",
        ),
      ],
    }
  },
}
