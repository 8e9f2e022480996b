import { type Candidate, median, type Result, ratios } from "./rounds.ts"

/** The medians of one candidate. */
export interface Figures {
  readonly name: string
  readonly perSecond: number
  readonly lowest: number
  readonly highest: number
  /** The median of the rounds' ratios to `against`. */
  readonly ratio: number
  readonly against: string
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssBytes: number
  /** Microseconds of CPU for one request, by what used it: `server`, `database`, `upstream`, `load`. */
  readonly micros: Readonly<Record<string, number>>
  /** Cores that each of them used. */
  readonly cores: Readonly<Record<string, number>>
  /** Flushes of PostgreSQL's log for one request. */
  readonly flushes?: number
  readonly errors: number
  /** Cores that other processes used, in the worst of the windows that were kept. */
  readonly foreignCores: number
}

export function summarize(candidates: readonly Candidate[], results: readonly Result[]): readonly Figures[] {
  return candidates.map(({ name, against = candidates[0]?.name ?? name }) => {
    const windows = results.find(result => result.name === name)?.windows ?? []
    const of = (pick: (window: (typeof windows)[number]) => number) => windows.map(pick)
    const rates = of(window => window.perSecond)
    return {
      name,
      perSecond: median(rates),
      lowest: Math.min(...rates),
      highest: Math.max(...rates),
      ratio: median(ratios(results, name, against)),
      against,
      p50Ms: median(of(window => window.p50)),
      p99Ms: median(of(window => window.p99)),
      rssBytes: median(of(window => window.rss)),
      micros: mediansOf(windows.map(window => window.micros)),
      cores: mediansOf(windows.map(window => window.cores)),
      ...mediansOf(windows.map(window => window.more)),
      errors: of(window => window.errors).reduce((sum, errors) => sum + errors, 0),
      foreignCores: Math.max(...of(window => window.foreign)),
    }
  })
}

/** Of each figure that all of them have. */
function mediansOf(records: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const names = Object.keys(records[0] ?? {})
  return Object.fromEntries(
    names.map(name => [name, median(records.map(record => record[name] ?? Number.NaN))]),
  )
}

export function renderFigures(figures: readonly Figures[], unit: string): string {
  const thousands = (value: number) => `${(value / 1000).toFixed(1)}k`
  return renderTable([
    [
      "",
      `${unit}/s`,
      "min–max",
      "ratio",
      "to",
      "p50 ms",
      "p99 ms",
      "µs server",
      "µs database",
      "flushes",
      "RSS MB",
      "errors",
      "foreign",
    ],
    ...figures.map(one => [
      one.name,
      String(Math.round(one.perSecond)),
      `${thousands(one.lowest)}–${thousands(one.highest)}`,
      one.ratio.toFixed(2),
      one.against === one.name ? "(itself)" : one.against,
      one.p50Ms.toFixed(2),
      one.p99Ms.toFixed(1),
      one.micros.server?.toFixed(0) ?? "",
      one.micros.database?.toFixed(0) ?? "",
      one.flushes?.toFixed(3) ?? "",
      (one.rssBytes / 1e6).toFixed(0),
      String(one.errors),
      one.foreignCores.toFixed(2),
    ]),
  ])
}

export function renderTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map(line => (line[column] ?? "").length)),
  )
  return lines
    .map(line =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n")
}
