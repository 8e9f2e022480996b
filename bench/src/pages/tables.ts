import type { Text, Verdict } from "../bench.ts"
import type { Figures } from "../measure/table.ts"
import { inChinese } from "../parts/databases/candidates.ts"
import { rate } from "./plots.ts"
import type { Result } from "./result.ts"
import { heads, type Language, texts } from "./texts.ts"

export function renderTable(lines: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = lines
  const row = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`
  return [row(head), row(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rest.map(row)].join(
    "\n",
  )
}

function nameIn(language: Language, name: string): string {
  const shown = language === "zh" ? inChinese(name) : name
  return name.includes("Denglu") ? `**${shown}**` : shown
}

export function renderFigures(figures: readonly Figures[], language: Language): string {
  const of = (name: keyof typeof heads) => heads[name][language]
  // Columns in which nobody has anything to say are left out.
  const columns: readonly (readonly [string, (one: Figures) => string])[] = [
    [of("who"), one => nameIn(language, one.name)],
    [of("perSecond"), one => rate(one.perSecond)],
    [of("spread"), one => `${rate(one.lowest)}–${rate(one.highest)}`],
    [of("ratio"), one => one.ratio.toFixed(2)],
    [of("to"), one => (one.against === figures[0]?.name ? "" : nameIn(language, one.against))],
    ["p50 ms", one => one.p50Ms.toFixed(2)],
    ["p99 ms", one => one.p99Ms.toFixed(1)],
    [of("server"), one => one.micros.server?.toFixed(0) ?? ""],
    [of("database"), one => one.micros.database?.toFixed(0) ?? ""],
    [of("flushes"), one => one.flushes?.toFixed(3) ?? ""],
    [of("memory"), one => (one.rssBytes / 1e6).toFixed(0)],
  ]
  const shown = columns.filter(([, pick]) => figures.some(one => pick(one) !== ""))
  return renderTable([shown.map(([head]) => head), ...figures.map(one => shown.map(([, pick]) => pick(one)))])
}

export function renderVerdicts(verdicts: readonly Verdict[], language: Language): string {
  const of = (name: keyof typeof heads) => heads[name][language]
  return renderTable([
    [of("target"), of("measured"), of("wanted"), "", of("limit")],
    ...verdicts.map(({ what, value, unit, target, met, note }) => [
      what[language],
      `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`.trim(),
      target,
      met ? "✓" : "✗",
      note?.[language] ?? "",
    ]),
  ])
}

export function renderVersions({ node, versions, figures: { databases } }: Result): string {
  const engines =
    databases === undefined
      ? []
      : [`PostgreSQL ${databases.postgres}`, `MariaDB ${databases.mariadb}`, `Redis ${databases.redis}`]
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [`Node ${node}`, ...engines, ...packages].join(" · ")
}

/** A text with its `{…}` filled in. */
export function fill(text: Text, language: Language, values: Readonly<Record<string, string>>): string {
  return text[language].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
}

/** What every page begins with: when, how and where its figures were taken. */
export function renderAbout({ date, rounds, seconds, machine, system }: Result, language: Language): string {
  const values = {
    date: date.slice(0, 10),
    rounds: String(rounds),
    seconds: String(seconds),
    machine,
    system,
  }
  return fill(texts.about, language, values)
}
