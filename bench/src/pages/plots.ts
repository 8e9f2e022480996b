import type { Figures } from "../measure/table.ts"
import { drawBars } from "./plot.ts"
import type { Result } from "./result.ts"

const isOurs = (name: string) => name.includes("Denglu")

/** A rate with the digits that mean something: `16.9k`, `850`. */
export function rate(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)}k` : value.toFixed(0)
}

function drawRates(description: string, figures: readonly Figures[]): string {
  const sorted = [...figures].sort((one, other) => other.perSecond - one.perSecond)
  return drawBars({
    description,
    bars: sorted.map(({ name, perSecond, ratio }) => ({
      label: name,
      values: [perSecond],
      tells: `${rate(perSecond)}/s · ${ratio.toFixed(2)}`,
      isOurs: isOurs(name),
    })),
  })
}

function drawCpu(figures: readonly Figures[]): string {
  const cost = ({ micros }: Figures) => [micros.server ?? 0, micros.database ?? 0]
  const sum = (one: Figures) => cost(one).reduce((total, value) => total + value, 0)
  return drawBars({
    description: "Microseconds of CPU for one login, of the server and of the database",
    legend: ["server", "database"],
    cutOff: true,
    bars: [...figures]
      .sort((one, other) => sum(one) - sum(other))
      .map(one => ({
        label: one.name,
        values: cost(one),
        tells: `${cost(one)
          .map(value => value.toFixed(0))
          .join(" + ")} µs`,
        isOurs: isOurs(one.name),
      })),
  })
}

/** The plots of a run by their file in `docs/`. */
export function drawPlots({ figures: { check, databases } }: Result): ReadonlyMap<string, string> {
  const plots = new Map<string, string>()
  if (databases?.logins !== undefined) {
    plots.set("benchmarks-logins.svg", drawRates("Logins a second with 64 clients", databases.logins))
    plots.set("benchmarks-cpu.svg", drawCpu(databases.logins))
  }
  if (databases?.loginsSlow !== undefined)
    plots.set(
      "benchmarks-logins-slow.svg",
      drawRates("Logins a second with 512 clients and a WeChat that takes 20 ms", databases.loginsSlow),
    )
  if (check !== undefined)
    plots.set("benchmarks-check.svg", drawRates("Requests a second behind a token", check))
  return plots
}
