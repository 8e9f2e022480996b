import { asTutorials, dailyUsers, onePrimary, withSdk } from "./assumptions.ts"
import type { Measured } from "./figures.ts"
import {
  assumptionTexts,
  figureTexts,
  limitTexts,
  needTexts,
  type Row,
  say,
  sourcesInChinese,
  type Text,
} from "./labels.ts"
import { limitsOfOnePrimary, type Need, needOf } from "./model.ts"
import { bytes, count, type Language } from "./numbers.ts"

export const capacityPages: readonly { readonly file: string; readonly language: Language }[] = [
  { file: "docs/en/capacity.md", language: "en" },
  { file: "docs/zh/capacity.md", language: "zh" },
]

/** Puts the tables between their markers, `<!-- capacity: NAME -->` and `<!-- /capacity -->`. @throws Error for a name there is no table for */
export function withTables(page: string, language: Language, measured: Measured): string {
  const tables = tablesOf(language, measured)
  const seen: string[] = []
  const written = page.replaceAll(
    /(<!-- capacity: ([\w-]+) -->\n)[\s\S]*?(<!-- \/capacity -->)/g,
    (_, begin: string, name: string, end: string) => {
      const table = tables[name]
      if (table === undefined) throw new Error(`there is no table ${name}`)
      seen.push(name)
      return `${begin}${table}\n${end}`
    },
  )
  const missing = Object.keys(tables).filter(name => !seen.includes(name))
  if (missing.length > 0) throw new Error(`the page has no place for the table ${missing.join(", ")}`)
  return written
}

function tablesOf(language: Language, measured: Measured): Readonly<Record<string, string>> {
  const text = (of: Text) => of[language]
  const needs = dailyUsers.map(users => needOf(users, withSdk, measured))
  const otherNeeds = dailyUsers.map(users => needOf(users, asTutorials, measured))
  const head = [text(say.dailyUsers), ...dailyUsers.map(users => count(users, language))]
  const rows = (list: readonly Row<Need>[], of: readonly Need[]) =>
    list.map(row => [text(row.text), ...of.map(need => row.show(need, language))])
  const limits = [withSdk, asTutorials].map(assumed => limitsOfOnePrimary(assumed, measured))
  return {
    assumptions: table([
      [text(say.assumption), text(say.value)],
      ...assumptionTexts.map(row => [text(row.text), row.show(withSdk, language)]),
    ]),
    traffic: table([head, ...rows(needTexts.traffic, needs)]),
    needs: table([head, ...rows(needTexts.needs, needs)]),
    tutorials: table([head, ...rows(needTexts.tutorials, otherNeeds)]),
    primary: table([
      [text(say.endsAt), text(say.withSdk), text(say.asTutorials)],
      ...(limits[0] ?? []).map(({ limit }) => [
        limitTexts[limit][language].replace(
          "{}",
          limit === "cores"
            ? String(onePrimary.cores)
            : bytes(limit === "bytes" ? onePrimary.bytes : onePrimary.walPerSecond),
        ),
        ...limits.map(list => count(list.find(one => one.limit === limit)?.dailyUsers ?? 0, language)),
      ]),
    ]),
    figures: table([
      [text(say.figure), text(say.value), text(say.source), text(say.date)],
      ...figureTexts.map(([name, label]) => {
        const { value, unit, source, date } = measured[name]
        return [text(label), `${value.toLocaleString("en")} ${unit}`, sourceIn(language, source), date]
      }),
    ]),
  }
}

function sourceIn(language: Language, source: string): string {
  const words = language === "zh" ? (sourcesInChinese[source] ?? source) : source
  return words.replace(/^npm run .*/, "`$&`")
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"))
  return [line(head), line(rule), ...rows.map(line)].join("\n")
}
