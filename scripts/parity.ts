import { compareTranslations, originalOf, translationOf } from "./document-parity.ts"
import { type Finding, read, report, repositoryFiles } from "./repository.ts"

/** Every English document that has to have a Chinese twin has one, with the same headings and the same code. */
const files = repositoryFiles()
const findings: Finding[] = []
let pairs = 0
for (const file of files) {
  const chinese = translationOf(file)
  const english = originalOf(file)
  if (english !== undefined && !files.includes(english)) findings.push({ file, message: `has no ${english}` })
  if (chinese === undefined) continue
  if (!files.includes(chinese)) {
    findings.push({ file, message: `has no ${chinese}` })
    continue
  }
  pairs += 1
  findings.push(...compareTranslations({ file, text: read(file) }, { file: chinese, text: read(chinese) }))
}
report(findings, `${pairs} pairs of documents compared.`)
