import { expect, test } from "vitest"
import { compareTranslations } from "../../scripts/document-parity.ts"
import { atLeast, atMost } from "../src/bench.ts"
import type { Figures } from "../src/measure/table.ts"
import { renderMeasured } from "../src/pages/measured.ts"
import { renderPage } from "../src/pages/page.ts"
import { drawBars } from "../src/pages/plot.ts"
import { drawPlots } from "../src/pages/plots.ts"
import type { Result } from "../src/pages/result.ts"
import { names } from "../src/parts/databases/candidates.ts"

function figuresOf(name: string, perSecond: number): Figures {
  return {
    name,
    perSecond,
    lowest: perSecond,
    highest: perSecond,
    ratio: perSecond / 20_000,
    against: names.bare,
    p50Ms: 3,
    p99Ms: 8,
    rssBytes: 1e8,
    micros: { server: 50, database: 26 },
    cores: { server: 0.7, database: 0.3 },
    flushes: 0.03,
    errors: 0,
    foreignCores: 0.01,
  }
}

const what = { en: "logins: ours to theirs", zh: "登录：我们与他们之比" }
const starts = { bareMs: [60], oursMs: [90], oursFirstMs: 200, residentBytes: 6e7, ratio: 1.5 }
const logins = [
  figuresOf(names.bare, 20_000),
  figuresOf(names.postgres, 12_000),
  figuresOf(names.axios, 2_000),
]

const databases = {
  postgres: "15.20",
  mariadb: "10.11",
  redis: "7.0",
  logins,
  loginsSlow: logins,
  loginsAlone: logins,
  refreshes: [figuresOf("logins", 12_000), figuresOf("refreshes", 15_000)],
  instances: logins,
  tokenChecks: { checks: 100_000, statements: 100, statementsIdle: 100 },
  atRest: { postgres: { sessions: 10, people: 5, bytesPerSession: 510, bytesPerPerson: 700 } },
  starts,
}

const result: Result = {
  date: "2026-11-01T00:00:00.000Z",
  node: "24.21.0",
  machine: "2 × CPU",
  system: "Linux",
  versions: { axios: "1.21.1" },
  rounds: 3,
  seconds: 4,
  verdicts: [atLeast(what, 6, 5), atLeast(what, 4, 5, "×", { en: "core 1 is full", zh: "1 号核已满" })],
  figures: { databases },
}

test("both pages of a run have the same headings and the same code", () => {
  const page = (language: "en" | "zh") => ({ file: language, text: renderPage(result, language) })
  expect(compareTranslations(page("en"), page("zh"))).toEqual([])
})

test("a missed target is on the page, with what limits it", () => {
  expect(renderPage(result, "en")).toContain("| logins: ours to theirs | 4 × | ≥ 5 | ✗ | core 1 is full |")
  expect(renderPage(result, "zh")).toContain("| 登录：我们与他们之比 | 4 × | ≥ 5 | ✗ | 1 号核已满 |")
})

test("the Chinese page has the candidates' names in Chinese", () => {
  const page = renderPage(result, "zh")
  expect(page).toContain("Express 5 + axios + pg，两条语句")
  expect(page).not.toContain("two statements")
})

test("a short run, and one that others disturbed, say so", () => {
  const noisy = { ...figuresOf(names.bare, 20_000), foreignCores: 0.5 }
  const short = { ...result, rounds: 1, figures: { databases: { ...databases, logins: [noisy] } } }
  expect(renderPage(short, "en")).toMatch(/short run[\s\S]*up to 0\.50 cores/)
  expect(renderPage(result, "en")).not.toMatch(/short run|up to 0\./)
})

test("a figure that could not be measured meets no target", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(atLeast(what, value, 5).met).toBe(false)
    expect(atMost(what, value, 5).met).toBe(false)
  }
})

test("every figure for computing has a unit, and those that were not measured are not there", () => {
  const { figures } = JSON.parse(renderMeasured(result)) as { figures: Record<string, unknown> }
  expect(figures.loginServerCpuPostgres).toEqual({ value: 50, unit: "µs" })
  expect(figures.sessionBytesPostgres).toEqual({ value: 510, unit: "B" })
  expect(figures).not.toHaveProperty("checksPerSecond")
  expect(figures).not.toHaveProperty("sessionBytesMariadb")
})

test("the longest bar stays within the plot, and no label is markup", () => {
  const svg = drawBars({
    description: "a & b",
    bars: [{ label: "<script>", values: [3, 1], tells: "4", isOurs: true }],
  })
  expect(svg).not.toContain("<script>")
  expect(svg).toContain('aria-label="a &amp; b"')
  const right = [...svg.matchAll(/<rect class="ours2?" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)].map(
    ([, x, width]) => Number(x) + Number(width),
  )
  expect(right).toHaveLength(2)
  expect(Math.max(...right)).toBeLessThan(860)
})

test("what a run did not measure is not drawn", () => {
  expect([...drawPlots(result).keys()]).toEqual([
    "benchmarks-logins.svg",
    "benchmarks-cpu.svg",
    "benchmarks-logins-slow.svg",
  ])
})
