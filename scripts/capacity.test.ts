import { describe, expect, test } from "vitest"
import { settleOptions } from "../packages/denglu/src/options.ts"
import { asTutorials, oneInstance, onePrimary, withSdk } from "./capacity/assumptions.ts"
import { readFigures } from "./capacity/figures.ts"
import { databaseMicros, limitsOfOnePrimary, needOf } from "./capacity/model.ts"
import { capacityPages, withTables } from "./capacity/pages.ts"
import { read } from "./repository.ts"

/** Figures that no run of the bench changes. */
const fixed = readFigures(["docs/measured-more.json", "docs/measured-prototypes.json"])

describe("the capacity pages", () => {
  const measured = readFigures()

  test.each(capacityPages)(
    "say what the figures say: $file (else: npm run capacity)",
    ({ file, language }) => {
      const page = read(file)
      expect(withTables(page, language, measured)).toBe(page)
    },
  )

  test("every figure has its unit, its source and its date", () => {
    for (const [name, { value, unit, source, date }] of Object.entries(measured)) {
      expect(value, name).toBeGreaterThan(0)
      expect(unit, name).toMatch(/^(µs|B|1\/s)$/)
      expect(source, name).not.toBe("")
      expect(date, name).toMatch(/^\d{4}-\d\d-\d\d$/)
    }
  })

  test("a figure that nobody has measured stops the computation, by its name", () => {
    expect(() => readFigures(["docs/measured-more.json"])).toThrow(/has loginServerCpuPostgres/)
  })

  test("a page without a place for a table is refused", () => {
    expect(() => withTables("# Capacity\n", "en", measured)).toThrow(/no place for the table/)
  })
})

describe("the computation", () => {
  test("a hundred times the users bring a hundred times the traffic, rows and bytes", () => {
    const [small, large] = [needOf(10_000, withSdk, fixed), needOf(1_000_000, withSdk, fixed)]
    for (const name of [
      "people",
      "sessions",
      "auditEvents",
      "databaseBytes",
      "serverCores",
      "liveTokens",
    ] as const)
      expect(large[name] / small[name]).toBeCloseTo(100)
    expect(large.peak.refreshes / small.peak.refreshes).toBeCloseTo(100)
  })

  test("each opening comes with a login or a refresh, and refreshes while it is open", () => {
    const { perDay } = needOf(1, withSdk, fixed)
    expect(perDay.logins).toBeCloseTo(4 * 0.05)
    expect(perDay.refreshes).toBeCloseTo(4 * 0.95 + (4 * 6) / 29.25)
    expect(needOf(1, asTutorials, fixed).perDay.logins).toBe(4)
  })

  test("sessions are the one in use, and those the last 30 days' logins left behind", () => {
    expect(needOf(1_000, withSdk, fixed).sessions).toBeCloseTo(1_000 + 1_000 * 0.2 * 30)
  })

  test("the audit holds each login of 400 days, and each person once", () => {
    expect(needOf(1_000, withSdk, fixed).auditEvents).toBeCloseTo(1_000 * 0.2 * 400 + 5_000)
  })

  test.each(["login", "refresh"] as const)(
    "a %s by itself costs what was measured, and less the more come together",
    kind => {
      const alone = fixed[`${kind}DatabaseCpuAlone`].value
      const together = fixed[`${kind}DatabaseCpuPostgres`].value
      const cost = (perSecond: number) => databaseMicros(kind, perSecond, withSdk, fixed)
      expect(cost(1)).toBeCloseTo(alone)
      expect(cost(2_000)).toBeLessThan(cost(1_000))
      expect(cost(1e6)).toBeCloseTo(together)
    },
  )

  test("one primary serves exactly as many as its tightest limit allows", () => {
    const [tightest, ...others] = limitsOfOnePrimary(withSdk, fixed)
    if (tightest === undefined) throw new Error("no limit")
    for (const { dailyUsers } of others) expect(dailyUsers).toBeGreaterThanOrEqual(tightest.dailyUsers)
    const fits = (users: number) => {
      const { databaseCores, databaseBytes, walPerSecond } = needOf(users, withSdk, fixed)
      return (
        databaseCores <= onePrimary.cores &&
        databaseBytes <= onePrimary.bytes &&
        walPerSecond[1] <= onePrimary.walPerSecond
      )
    }
    expect([fits(tightest.dailyUsers), fits(tightest.dailyUsers * 1.01)]).toEqual([true, false])
  })

  test("figures from two runs don't make it cheaper to be alone", () => {
    const odd = { ...fixed, loginDatabaseCpuAlone: { ...fixed.loginDatabaseCpuAlone, value: 1 } }
    const together = fixed.loginDatabaseCpuPostgres.value
    for (const perSecond of [1, 1_000, 1e6])
      expect(databaseMicros("login", perSecond, withSdk, odd)).toBeCloseTo(together)
  })

  test("the defaults it counts with are the program's", () => {
    const { limits } = settleOptions({
      apps: [{ appid: "wx0123456789abcdef", secret: "0".repeat(32) }],
      store: "memory:",
      secret: "",
    })
    expect(limits).toMatchObject({ loginsPerApp: oneInstance.loginsPerApp })
  })
})
