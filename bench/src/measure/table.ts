import { type Candidate, median, type Result } from "./rounds.ts"

/** The results as a table for people: medians, and ratios to whom each is compared with. */
export function renderResults(
  candidates: readonly Candidate[],
  results: readonly Result[],
  unit: string,
): string {
  const [first] = candidates
  const rate = (name: string | undefined) => {
    const result = results.find(candidate => candidate.name === name)
    return median((result?.windows ?? []).map(({ perSecond }) => perSecond))
  }
  const head = ["", `${unit}/s`, "ratio", "to", "p50 ms", "p99 ms", "RSS MB", "min–max", "foreign"]
  const rows = candidates.map(({ name, against }) => {
    const windows = results.find(result => result.name === name)?.windows ?? []
    const of = (pick: (window: (typeof windows)[number]) => number) => median(windows.map(pick))
    const rates = windows.map(({ perSecond }) => Math.round(perSecond / 100) / 10)
    const other = against ?? first?.name
    return [
      name,
      String(Math.round(rate(name))),
      (rate(name) / rate(other)).toFixed(2),
      other === name ? "(itself)" : (other ?? ""),
      of(window => window.p50).toFixed(2),
      of(window => window.p99).toFixed(1),
      (of(window => window.rss) / 1e6).toFixed(0),
      `${Math.min(...rates)}k–${Math.max(...rates)}k`,
      Math.max(...windows.map(({ foreign }) => foreign)).toFixed(2),
    ]
  })
  return renderTable([head, ...rows])
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
