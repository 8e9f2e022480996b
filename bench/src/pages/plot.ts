/** A bar, or several one after the other on one line. */
export interface Bar {
  readonly label: string
  readonly values: readonly number[]
  /** What stands behind the bar. */
  readonly tells: string
  /** Drawn in the colour of Denglu. */
  readonly isOurs: boolean
}

export interface Plot {
  /** For who can't see it. */
  readonly description: string
  /** What the colours of stacked bars mean. */
  readonly legend?: readonly string[]
  readonly bars: readonly Bar[]
  /** Bars many times as long as most are cut. */
  readonly cutOff?: boolean
}

const width = 920
const left = 370
const right = 140
/** Of the median bar: what is longer is cut, and marked, so that one outlier does not make all the others look alike. */
const longest = 3
const line = 30
const thickness = 18

/** Reads well on white and on black: colours follow what the reader's system prefers. */
const style = `
  text { font: 14px -apple-system, "Segoe UI", "PingFang SC", "Noto Sans", sans-serif; fill: #1d2129 }
  .soft { fill: #6b7280 } .ours { fill: #07a04f } .ours2 { fill: #8fd6b0 } .theirs { fill: #8b95a5 } .theirs2 { fill: #c9cfd8 }
  .axis { stroke: #d5d9e0 } .bold { font-weight: 600 } .gap { fill: #fff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e8eb } .soft { fill: #9aa3af } .ours { fill: #1fbf6b } .ours2 { fill: #12703f }
    .theirs { fill: #7a8594 } .theirs2 { fill: #454d59 } .axis { stroke: #3a414c } .gap { fill: #0d1117 }
  }`

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** Horizontal bars from zero on, as an SVG. */
export function drawBars({ description, legend = [], bars, cutOff = false }: Plot): string {
  const top = legend.length > 0 ? 40 : 12
  const height = top + bars.length * line + 12
  const sum = ({ values }: Bar) => values.reduce((total, value) => total + value, 0)
  const sums = bars.map(sum).sort((one, other) => one - other)
  const median = sums[Math.floor(sums.length / 2)] ?? 0
  const most = Math.min(sums.at(-1) ?? 0, cutOff ? longest * median : Number.POSITIVE_INFINITY)
  const scale = (value: number) => ((width - left - right) * value) / most
  const lines = bars.map((bar, index) => {
    const y = top + index * line
    const middle = y + line / 2 + 5
    let x = left
    const parts = bar.values.map((value, at) => {
      const from = x
      x = Math.min(x + scale(value), width - right)
      const colour = `${bar.isOurs ? "ours" : "theirs"}${at === 0 ? "" : "2"}`
      return `<rect class="${colour}" x="${from.toFixed(1)}" y="${y + (line - thickness) / 2}" width="${Math.max(1, x - from).toFixed(1)}" height="${thickness}" rx="2"/>`
    })
    // Two gaps near the end, as on a map of a river that goes on.
    if (sum(bar) > most)
      for (const gap of [22, 14])
        parts.push(
          `<rect class="gap" x="${width - right - gap}" y="${y + 4}" width="3" height="${line - 8}" transform="skewX(-10)" transform-origin="${width - right - gap} ${middle}"/>`,
        )
    const weight = bar.isOurs ? ' class="bold"' : ""
    return [
      `<text x="${left - 12}" y="${middle}" text-anchor="end"${weight}>${escaped(bar.label)}</text>`,
      ...parts,
      `<text x="${(x + 8).toFixed(1)}" y="${middle}"${weight}>${escaped(bar.tells)}</text>`,
    ].join("")
  })
  const key = legend.map((text, at) => {
    const x = left + at * 200
    const tone = at === 0 ? "" : "2"
    return (
      `<rect class="ours${tone}" x="${x}" y="10" width="14" height="14" rx="2"/>` +
      `<rect class="theirs${tone}" x="${x + 16}" y="10" width="14" height="14" rx="2"/>` +
      `<text class="soft" x="${x + 38}" y="22">${escaped(text)}</text>`
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(description)}">
<style>${style}
</style>
${key.join("\n")}
<path class="axis" d="M${left} ${top}V${height - 8}"/>
${lines.join("\n")}
</svg>
`
}
