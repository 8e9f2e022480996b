import { expect, test } from "vitest"
import { startHarness } from "../support/harness.ts"

const send = async () => ({})

test.each([
  ["none", {}, { ways: [], registration: false }],
  ["scanning", { scan: { siteName: "A shop" } }, { ways: ["scan"], registration: false }],
  ["SMS and passwords", { sms: { send }, passwords: {} }, { ways: ["sms", "password"], registration: false }],
  [
    "passwords for everybody",
    { passwords: { registration: true } },
    { ways: ["password"], registration: true },
  ],
])("where %s is switched on, GET /login/ways says so", async (_what, options, expected) => {
  const harness = await startHarness(options as never)
  expect(await harness.send("GET", "/login/ways")).toMatchObject({ status: 200, body: expected })
  await harness.close()
})
