/** A fenced block of a Markdown document. */
export interface CodeBlock {
  /** The first word after the fence: `ts`, `sh`, or empty. */
  readonly language: string
  /** The rest of the fence's line. */
  readonly info: string
  readonly lines: readonly string[]
  /** The number of the first line inside the fence, counted from 1. */
  readonly firstLine: number
}

export interface MarkdownOutline {
  /** The level of each heading, in order: `## Speed` is 2. */
  readonly headings: readonly { readonly level: number; readonly line: number }[]
  readonly blocks: readonly CodeBlock[]
}

/** Reads headings and fenced blocks. Knows fences of backticks and tildes, indented or not, as CommonMark has them. */
export function outlineOf(text: string): MarkdownOutline {
  const headings: { level: number; line: number }[] = []
  const blocks: CodeBlock[] = []
  let open: { fence: string; indent: number; language: string; info: string; firstLine: number } | undefined
  let lines: string[] = []
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)\s*([^`]*)$/.exec(line)
    if (open === undefined) {
      if (fence !== null) {
        const [, indent = "", marks = "", language = "", info = ""] = fence
        open = { fence: marks, indent: indent.length, language, info: info.trim(), firstLine: index + 2 }
        lines = []
        continue
      }
      const heading = /^(#{1,6})\s/.exec(line)
      if (heading !== null) headings.push({ level: heading[1]?.length ?? 0, line: index + 1 })
      continue
    }
    if (fence !== null && fence[3] === "" && fence[2]?.startsWith(open.fence) === true) {
      blocks.push({ language: open.language, info: open.info, lines, firstLine: open.firstLine })
      open = undefined
      continue
    }
    lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)))
  }
  return { headings, blocks }
}
