import { expect, test } from "vitest"
import { blocksOfDocument, blocksOfSource } from "./doc-blocks.ts"
import { compareTranslations, originalOf, translationOf } from "./document-parity.ts"

const fence = "```"

test("a block of a document knows the line it was written on, also inside a list", () => {
  const text = `# Title\n\n${fence}ts\nconst a = 1\n${fence}\n\n- item\n  ${fence}ts no-check reason="needs a phone"\n  b()\n  ${fence}\n`
  expect(blocksOfDocument("README.md", text)).toEqual([
    { file: "README.md", language: "ts", info: "", lines: ["const a = 1"], firstLine: 4 },
    {
      file: "README.md",
      language: "ts",
      info: 'no-check reason="needs a phone"',
      lines: ["b()"],
      firstLine: 9,
    },
  ])
})

test("a fence inside a longer fence is text", () => {
  const text = `${fence}${fence}md\n${fence}ts\nnot code\n${fence}\n${fence}${fence}\n`
  expect(blocksOfDocument("README.md", text).map(({ language }) => language)).toEqual(["md"])
})

test("the code of an @example is found where it stands, with a fence or without, and ends at the next tag", () => {
  const text = [
    "const before = 1",
    "/**",
    " * Does it.",
    " *",
    " * @example",
    ` * ${fence}ts`,
    " * doIt()",
    ` * ${fence}`,
    " * @returns nothing",
    " */",
    "/**",
    " * @example",
    " * doThat()",
    " */",
  ].join("\n")
  const found = blocksOfSource("a.ts", text)
  expect(found.map(({ firstLine, lines }) => [firstLine, lines[0]])).toEqual([
    [7, "doIt()"],
    [13, "doThat()"],
  ])
})

const english = { file: "README.md", text: `# A\n## B\n${fence}sh\nnpm ci # first\n${fence}\n` }
const chinese = (text: string) => ({ file: "README.zh-CN.md", text })

test("a translation may translate headings and comments", () => {
  const same = chinese(`# 甲\n## 乙\n${fence}sh\nnpm ci # 先\n${fence}\n`)
  expect(compareTranslations(english, same)).toEqual([])
})

test("a translation may not differ in code, in the number of blocks or in the levels of headings", () => {
  const code = compareTranslations(english, chinese(`# 甲\n## 乙\n${fence}sh\nnpm install # 先\n${fence}\n`))
  expect(code).toMatchObject([{ file: "README.zh-CN.md", line: 4 }])
  expect(compareTranslations(english, chinese("# 甲\n## 乙\n"))).toHaveLength(1)
  expect(compareTranslations(english, chinese(`# 甲\n### 乙\n${fence}sh\nnpm ci\n${fence}\n`))).toMatchObject(
    [{ line: 2 }],
  )
})

test("a comment sign inside an address is code", () => {
  const address = (host: string) => ({
    file: host,
    text: `${fence}sh\ncurl http://${host}/login\n${fence}\n`,
  })
  expect(compareTranslations(address("a"), address("b"))).toHaveLength(1)
})

test("READMEs and docs/en have Chinese twins", () => {
  for (const file of ["README.md", "packages/denglu/README.md", "docs/en/guide/start.md"]) {
    expect(originalOf(translationOf(file) ?? "")).toBe(file)
  }
  expect(translationOf("CONTRIBUTING.md")).toBeUndefined()
})
