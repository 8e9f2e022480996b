import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { auditTypes } from "../../src/store/audit-store.ts"

const path = (from: string) => fileURLToPath(new URL(from, import.meta.url))

test.each(["en", "zh"])("the guide (%s) says what every event means, in the order of the list", language => {
  const guide = readFileSync(path(`../../../../docs/${language}/guide.md`), "utf8")
  const [, section = ""] = /\n## (?:The audit|审计)\n(.*?)\n## /s.exec(guide) ?? []
  const rows = [...section.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (\S.*) \|$/gm)]
  expect(rows.map(([, type]) => type)).toEqual([...auditTypes])
})

test("every event of the list is written somewhere", () => {
  const code = ["store", "login"]
    .flatMap(folder => globSync(path(`../../src/${folder}/**/*.ts`)))
    .filter(file => !/audit-store|contract/.test(file))
    .map(file => readFileSync(file, "utf8").replace(/emit\("[^"]+"/g, ""))
    .join("\n")
  expect(auditTypes.filter(type => !code.includes(`"${type}"`))).toEqual([])
})
