import { afterEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

const key = "shop-9f2c4b7e1d3a6058-9f2c4b7e1d3a6058"
const otherKey = "crm-1b7e9f2c4d3a6058-9f2c4b7e1d3a6058"
let harness: Harness | undefined
afterEach(() => harness?.close())

async function start(options: Parameters<typeof startHarness>[0] = {}) {
  harness = await startHarness({
    borrowers: [
      { name: "shop", key },
      { name: "crm", key: otherKey, appids: [] },
    ],
    ...options,
  })
  const started = harness
  const borrow = (body: unknown, token: string | undefined = key) =>
    started.send("POST", "/wechat/access-token", { body, ...(token === undefined ? {} : { token }) })
  return { ...started, borrow }
}

test("a borrower gets the token that the login itself uses, and how long it is good", async () => {
  const { borrow, login, appid } = await start()
  const { status, body, headers } = await borrow({})
  expect(status).toBe(200)
  expect(headers.get("cache-control")).toBe("no-store")
  expect(body).toEqual({ appid, access_token: await login.appTokens.get(appid), expires_in: 7200 })
})

test("whoever was refused gets another, and all who were refused together the same", async () => {
  const { borrow, login, appid } = await start()
  const first = await login.appTokens.get(appid)
  const events: unknown[] = []
  login.on("app_token.borrowed", ({ borrower, refused }) => events.push({ borrower, refused }))
  const answers = await Promise.all(Array.from({ length: 8 }, () => borrow({ refused: first })))
  const tokens = new Set(answers.map(({ body }) => body.access_token))
  expect(tokens.size).toBe(1)
  expect(tokens.has(first)).toBe(false)
  // A refusal of what is no longer kept changes nothing.
  expect((await borrow({ refused: first })).body.access_token).toBe([...tokens][0])
  expect(events).toEqual(Array.from({ length: 9 }, () => ({ borrower: "shop", refused: true })))
})

test("without the right key nothing is lent", async () => {
  const { borrow } = await start()
  const missing = await borrow({}, "")
  expect(missing).toMatchObject({ status: 401, body: { code: "token_missing" } })
  const wrong = await borrow({}, key.replace("shop", "shoq"))
  expect(wrong).toMatchObject({ status: 401, body: { code: "token_invalid" } })
  expect(wrong.headers.get("www-authenticate")).toContain('realm="denglu"')
})

test("a borrower borrows only what it may", async () => {
  const { borrow, appid } = await start()
  expect(await borrow({ appid }, otherKey)).toMatchObject({ status: 400, body: { code: "app_unknown" } })
  expect(await borrow({ appid: "wx0000000000000000" })).toMatchObject({
    status: 400,
    body: { code: "app_unknown" },
  })
  expect(await borrow({ refused: 5 })).toMatchObject({ status: 400, body: { code: "invalid_request" } })
})

test("a borrower that asks too often is told when to come back", async () => {
  const { borrow } = await start({ limits: { loansPerBorrower: 2 } })
  await borrow({})
  await borrow({})
  const third = await borrow({})
  expect(third).toMatchObject({ status: 429, body: { code: "rate_limited" } })
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0)
})

test("where nobody may borrow there is no such route", async () => {
  const { borrow } = await start({ borrowers: [] })
  expect(await borrow({})).toMatchObject({ status: 404, body: { code: "not_found" } })
})

test("neither keys nor tokens are logged", async () => {
  const { borrow, logged } = await start()
  const { body } = await borrow({})
  await borrow({ refused: body.access_token })
  await borrow({}, `${key}x`)
  for (const line of logged) {
    expect(line).not.toContain(key)
    expect(line).not.toContain(body.access_token)
  }
})
