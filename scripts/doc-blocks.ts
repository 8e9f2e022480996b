import { type CodeBlock, outlineOf } from "./markdown.ts"

/** A piece of code that a document or a doc comment shows to a reader. */
export interface DocBlock extends CodeBlock {
  readonly file: string
}

const documents = [
  /^(packages\/[^/]+\/|examples\/[^/]+\/)?README[^/]*\.md$/,
  /^docs\/.*\.md$/,
  /^[A-Z]+\.md$/,
]

/** Whether the file is one whose code blocks are promises to a reader. */
export function isDocument(file: string): boolean {
  return documents.some(pattern => pattern.test(file))
}

/** Whether the file's doc comments are public documentation. */
export function isSource(file: string): boolean {
  return /^packages\/[^/]+\/src\/.*\.ts$/.test(file)
}

export function blocksOfDocument(file: string, text: string): readonly DocBlock[] {
  return outlineOf(text).blocks.map(block => ({ ...block, file }))
}

/**
 * The code of every `@example`. With a fence, what stands in fences counts; without one, the example's whole text,
 * which is TSDoc's older habit.
 */
export function blocksOfSource(file: string, text: string): readonly DocBlock[] {
  const blocks: DocBlock[] = []
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const before = text.slice(0, comment.index).split("\n").length
    const lines = comment[0].replace(/\*\/$/, "").split("\n")
    const bare = lines.map(line => line.replace(/^\s*(?:\/\*)?\*+ ?/, ""))
    for (let index = 0; index < bare.length; index += 1) {
      if (!/^@example\b/.test(bare[index] ?? "")) continue
      const next = bare.findIndex((line, at) => at > index && /^@\w+/.test(line))
      const body = bare.slice(index + 1, next < 0 ? undefined : next)
      blocks.push(...blocksOfExample(file, body, before + index + 1))
    }
  }
  return blocks
}

function blocksOfExample(file: string, body: readonly string[], firstLine: number): readonly DocBlock[] {
  const fenced = outlineOf(body.join("\n")).blocks
  if (fenced.length > 0)
    return fenced.map(block => ({ ...block, file, firstLine: block.firstLine + firstLine - 1 }))
  return [{ file, language: "ts", info: "", lines: body, firstLine }]
}
