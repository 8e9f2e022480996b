import { type CodeBlock, outlineOf } from "./markdown.ts"
import type { Finding } from "./repository.ts"

export interface Document {
  readonly file: string
  readonly text: string
}

/** The Chinese file that an English one must have beside it; undefined for files that stay in one language. */
export function translationOf(file: string): string | undefined {
  if (/^docs\/en\/.*\.md$/.test(file)) return file.replace("docs/en/", "docs/zh/")
  if (/^(packages\/[^/]+\/)?README\.md$/.test(file)) return file.replace("README.md", "README.zh-CN.md")
  return undefined
}

/** The English file that a Chinese one is the twin of. */
export function originalOf(file: string): string | undefined {
  if (/^docs\/zh\/.*\.md$/.test(file)) return file.replace("docs/zh/", "docs/en/")
  if (/(^|\/)README\.zh-CN\.md$/.test(file)) return file.replace("README.zh-CN.md", "README.md")
  return undefined
}

/** Code without its comments and blank lines, since a translation translates those. */
function codeOf(block: CodeBlock): string {
  const lines = block.lines.map(line => line.replace(/(^|\s)(?:\/\/|#|--|\/\*|\*)(?:\s.*)?$/, "").trimEnd())
  return lines.filter(line => line !== "").join("\n")
}

/** Drawings and output, where a translation may differ. */
const freeText = ["", "text", "mermaid"]

function isSame(english: CodeBlock, chinese: CodeBlock): boolean {
  if (english.language !== chinese.language) return false
  return freeText.includes(english.language) || codeOf(english) === codeOf(chinese)
}

export function compareTranslations(english: Document, chinese: Document): readonly Finding[] {
  const [en, zh] = [outlineOf(english.text), outlineOf(chinese.text)]
  const findings: Finding[] = []
  const at = Array.from(
    { length: Math.max(en.headings.length, zh.headings.length) },
    (_, index) => index,
  ).find(index => en.headings[index]?.level !== zh.headings[index]?.level)
  if (at !== undefined) {
    findings.push({
      file: chinese.file,
      line: zh.headings[at]?.line ?? chinese.text.split("\n").length,
      message: `heading number ${at + 1} differs in level from ${english.file}:${en.headings[at]?.line ?? "end"} (${zh.headings.length} headings, ${en.headings.length} there)`,
    })
  }
  if (en.blocks.length !== zh.blocks.length) {
    const message = `has ${zh.blocks.length} blocks of code, ${english.file} has ${en.blocks.length}`
    return [...findings, { file: chinese.file, message }]
  }
  for (const [index, block] of zh.blocks.entries()) {
    const original = en.blocks[index] as CodeBlock
    if (isSame(original, block)) continue
    const message = `differs in code (comments apart) from ${english.file}:${original.firstLine}`
    findings.push({ file: chinese.file, line: block.firstLine, message })
  }
  return findings
}
