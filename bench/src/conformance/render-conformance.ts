import type { ConformanceResult } from "@denglu/miniprogram/conformance"

/** How one client fared, rule by rule, in the order of the suite. */
export interface Column {
  readonly client: string
  readonly results: readonly ConformanceResult[]
}

/** Rules down, clients across; the last row counts. */
export function conformanceTable(columns: readonly Column[]): readonly (readonly string[])[] {
  const rules = columns[0]?.results ?? []
  return [
    ["", ...columns.map(({ client }) => client)],
    ...rules.map(({ name }, row) => [name, ...columns.map(({ results }) => mark(results[row]))]),
    [`of ${rules.length}`, ...columns.map(({ results }) => String(results.filter(one => one.passed).length))],
  ]
}

/** The table, and what was seen where a rule was broken. */
export function renderMarkdown(columns: readonly Column[]): string {
  const [head = [], ...rows] = conformanceTable(columns)
  const lines = [head, ["---", ...columns.map(() => ":-:")], ...rows]
  return `# Conformance

${lines.map(cells => `| ${cells.join(" | ")} |`).join("\n")}

${columns.map(renderSeen).join("")}`
}

function renderSeen({ client, results }: Column): string {
  const broken = results.filter(({ passed }) => !passed)
  if (broken.length === 0) return ""
  return `## ${client}\n\n${broken.map(({ name, seen }) => `- ${name}: ${seen}`).join("\n")}\n\n`
}

function mark(result: ConformanceResult | undefined): string {
  return result?.passed ? "✓" : "✗"
}
