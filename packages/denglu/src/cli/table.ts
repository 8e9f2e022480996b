/** A table with aligned columns, the way terminals show it: Chinese characters are two cells wide. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map(row => row.map(printable))
  const widths = head.map((_, column) => Math.max(...lines.map(line => displayWidth(line[column] ?? ""))))
  return lines
    .map(line => line.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join("  "))
    .map(line => line.trimEnd())
    .join("\n")
}

/** The text filled up with spaces to so many cells. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(width - displayWidth(text), 0))
}

/** The text without what could steer a terminal: a `User-Agent` is whatever a client says it is. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�")
}

/** How many cells a text takes in a terminal (Unicode, East Asian Width: W and F are two). */
function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue
    width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1
  }
  return width
}

const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

function isWide(codePoint: number): boolean {
  return wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last)
}
