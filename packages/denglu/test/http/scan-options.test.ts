import { expect, test } from "vitest"
import { type ScanOptions, settleScan } from "../../src/scan-options.ts"

const one = ["wx0123456789abcdef"]
const two = [...one, "wxfedcba9876543210"]

test("left out there are no logins by scanning; a name is enough where there is one mini program", () => {
  expect(settleScan(undefined, one)).toBeUndefined()
  expect(settleScan({ siteName: "shop" }, one)).toMatchObject({
    siteName: "shop",
    appid: one[0],
    page: "pages/scan/scan",
    envVersion: "release",
    lifetime: 180,
    sessionLifetime: 604_800,
  })
})

test.each([
  ["siteName", { siteName: "" }, one],
  ["siteName", { siteName: "x".repeat(41) }, one],
  ["appid", {}, two],
  ["appid", { appid: "wx0000000000000000" }, one],
  ["page", { page: "/pages/scan/scan" }, one],
  ["page", { page: "pages/scan/scan?x=1" }, one],
  ["envVersion", { envVersion: "beta" as never }, one],
  ["lifetime", { lifetime: 29 }, one],
  ["lifetime", { lifetime: 601 }, one],
  ["sessionLifetime", { sessionLifetime: 0.5 }, one],
  ["place", { place: "Shenzhen" as never }, one],
] as const)("a wrong %s is named: %o", (name, options, appids) => {
  const given: ScanOptions = { siteName: "shop", ...options }
  expect(() => settleScan(given, appids)).toThrow(new RegExp(`^scan\\.${name}\\b`))
})
