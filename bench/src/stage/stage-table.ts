import type { Spread } from "./spread.ts"
import type { Boot, StageFigures } from "./stage-figures.ts"

type Language = "en" | "zh"
type Row = readonly [en: string, zh: string, value: string]

/** The figures as rows of a table. */
export function figureRows(figures: StageFigures, language: Language): [string, string][] {
  const { pages, components, compile, opened, boot, exampleBoot, runtime, machine } = figures
  const ms = (value: number) => `${Math.round(value)} ms`
  const share = (count: number) => `${count} / ${pages}`
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
  const spread = ({ median, all }: Spread) =>
    `${ms(median)} (${Math.round(all[0] ?? 0)}–${Math.round(all.at(-1) ?? 0)}, n = ${all.length})`
  const inChromium = (en: string, zh: string, { chromium }: Boot): Row => [
    `${en} in Chromium ${machine.chromium ?? ""}, median`,
    `${zh}：Chromium ${machine.chromium ?? ""}（中位数）`,
    chromium === undefined ? "–" : spread(chromium),
  ]
  const rows: readonly Row[] = [
    ["pages, other components", "页面、其他组件", `${pages}, ${components}`],
    ["pages compiled", "编译通过的页面", share(compile.pages)],
    ["compile time, cold, median", "编译用时（冷启动，中位数）", spread(compile.cold)],
    ["compile time, nothing changed, median", "编译用时（无改动，中位数）", spread(compile.unchanged)],
    ["pages opened without an exception, jsdom", "在 jsdom 中打开且无异常的页面", share(opened)],
    ["start in jsdom, median", "在 jsdom 中启动（中位数）", spread(boot.jsdom)],
    inChromium("start", "启动", boot),
    [
      "start of our small example in jsdom, median",
      "我们的小示例在 jsdom 中启动（中位数）",
      spread(exampleBoot.jsdom),
    ],
    inChromium("start of our small example", "我们的小示例启动", exampleBoot),
    ["runtime, minified", "运行时（压缩后）", kB(runtime.minified)],
    ["runtime, gzipped", "运行时（gzip）", kB(runtime.gzipped)],
  ]
  return rows.map(([en, zh, value]) => [language === "en" ? en : zh, value])
}

/** Why pages do not open, and how many for each reason. */
export function causeRows({ causes }: StageFigures, language: Language): [string, string][] {
  return causes.map(cause => [cause[language], String(cause.pages)])
}
