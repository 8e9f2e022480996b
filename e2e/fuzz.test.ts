import { createSimulator } from "@denglu/simulator"
import { type AvatarStorage, createLogin } from "denglu"
import fc from "fast-check"
import { expect, test } from "vitest"

const requests = Number(process.env.DENGLU_FUZZ ?? 500_000)
const simulator = createSimulator()
const [app] = simulator.state().apps

const scalar = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "\u0000",
    "\ud800",
    "%00",
    "' OR 1=1 --",
    "../../etc/passwd",
    "{{7*7}}",
    "𝟙𝟚𝟛",
    "\u202e",
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const fields = fc.constantFrom(
  "code",
  "appid",
  "refresh_token",
  "everywhere",
  "nickname",
  "avatar_url",
  "openid",
  "unionid",
  "user_id",
  "__proto__",
  "constructor",
  "role",
)
const json = fc.oneof(
  fc
    .dictionary(
      fields,
      fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fields, scalar, { maxKeys: 2 })),
      { maxKeys: 4 },
    )
    .map(value => JSON.stringify(value)),
  fc.json({ maxDepth: 3 }),
)
const body = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "{",
      "[".repeat(5000),
      '{"code":"a","code":"b"}',
      '{"code":1e999}',
      "null",
      "\ufeff{}",
      '{"a":'.repeat(1000),
      "code=%F0%28%8C%28&code=2",
    ),
  },
)
const headerText = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map(code => String.fromCharCode(code)),
    maxLength: 60,
  })
  .map(text => text.replaceAll("\x7f", ""))
const authorization = fc.oneof(
  headerText,
  headerText.map(text => `Bearer ${text}`),
  fc.constantFrom(
    "Bearer %",
    "Bearer",
    "bearer  x",
    "Bearer a,Bearer b",
    `Bearer ${"a.".repeat(2000)}`,
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "Basic Og==",
  ),
)
const otherHeader = fc.tuple(
  fc.constantFrom(
    "accept-language",
    "x-forwarded-for",
    "content-type",
    "origin",
    "user-agent",
    "content-length-x",
    "x-request-id",
    "cookie",
  ),
  headerText,
)
const path = fc.oneof(
  fc.constantFrom(
    "/login",
    "/refresh",
    "/logout",
    "/me",
    "/me/sessions",
    "/me/sessions/x",
    "/me/open-data",
    "/me/phone",
    "/me/avatar",
    "/avatars/0123456789abcdefghijklmnop.png",
    "/sms",
    "/login/sms",
    "/login/password",
    "/register",
    "/me/password",
    "/password/reset",
    "/.well-known/jwks.json",
    "/.well-known/revocations",
    "/openapi.json",
    "/healthz",
    "/readyz",
  ),
  fc.webPath().map(value => (value.startsWith("/") ? value : `/${value}`)),
  fc
    .string({ maxLength: 30 })
    .map(value => `/me/sessions/${encodeURIComponent(value.replaceAll(/[\ud800-\udfff]/g, ""))}`),
)
const query = fc.oneof(
  fc.constant(""),
  fc.constantFrom("?since=x&wait=-1", "?since=..&wait=NaN", "?wait=1e9", "?since=%", "?access_token=x"),
  fc.webQueryParameters().map(value => `?${value}`),
)
const known = fc.constantFrom(
  ...(
    [
      ["POST", "/login", 4],
      ["POST", "/refresh", 4],
      ["POST", "/logout", 2],
      ["PATCH", "/me", 4],
      ["GET", "/me", 2],
      ["GET", "/me/sessions", 1],
      ["DELETE", "/me/sessions/x", 1],
      ["POST", "/me/open-data", 2],
      ["POST", "/me/phone", 2],
      ["DELETE", "/me/phone", 1],
      ["POST", "/me/avatar", 2],
      ["GET", "/avatars/0123456789abcdefghijklmnop.png", 1],
      ["POST", "/sms", 3],
      ["POST", "/login/sms", 3],
      ["POST", "/login/password", 3],
      ["POST", "/register", 2],
      ["POST", "/me/password", 2],
      ["DELETE", "/me/password", 1],
      ["POST", "/password/reset", 2],
      ["GET", "/.well-known/revocations", 2],
      ["GET", "/.well-known/jwks.json", 1],
      ["GET", "/openapi.json", 1],
      ["GET", "/readyz", 1],
    ] as const
  ).flatMap(([knownMethod, knownPath, weight]) =>
    Array.from({ length: weight }, () => ({ method: knownMethod as string, path: knownPath as string })),
  ),
)
/** No picture comes together by chance. */
const noPictures: AvatarStorage = {
  put: async () => {},
  remove: async () => {},
  read: async () => undefined,
  url: name => `https://a.example/${name}`,
}
const method = fc.constantFrom("POST", "POST", "POST", "GET", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS")

test(`${requests} generated requests get no 5xx and no crash`, { timeout: 600_000 }, async () => {
  if (app === undefined) throw new Error("the simulator has no app")
  const logged: string[] = []
  const note = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const login = await createLogin({
    apps: [{ appid: app.appid, secret: app.secret }],
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-fuzz",
    limits: false,
    avatars: { storage: noPictures },
    passwords: { registration: true, argon2: { memory: 1_024, passes: 1 }, hashesWaiting: 10_000 },
    sms: { send: async () => {}, perAddressAnHour: 1_000_000, perDay: 1_000_000 },
    trustedProxies: ["127.0.0.1"],
    allowedOrigins: ["https://a.example"],
    log: { info: note, warn: note, error: note },
    wechat: { simulator: "http://127.0.0.1:3001", fetch: request => simulator.fetch(request) },
  })
  const code = simulator.issueCode({ appid: app.appid, user: "fuzz" })
  const loggedIn = await login.fetch(
    new Request("http://x/login", { method: "POST", body: JSON.stringify({ code }) }),
  )
  const { access_token: token } = (await loggedIn.json()) as { access_token: string }
  const statuses = new Map<number, number>()
  const request = fc.record({
    target: fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: fc.record({ method, path }) }),
    query,
    body,
    authorization: fc.oneof(authorization, fc.constant(`Bearer ${token}`)),
    others: fc.array(otherHeader, { maxLength: 3 }),
  })

  const send = async ({
    target,
    ...others
  }: typeof request extends fc.Arbitrary<infer Value> ? Value : never) => {
    const generated = { ...target, ...others }
    const headers = new Headers({ authorization: generated.authorization })
    for (const [name, value] of generated.others) headers.set(name, value)
    const hasBody = generated.method !== "GET" && generated.method !== "HEAD"
    // A logout would end the one good session that the other requests use.
    if (generated.path === "/logout" && generated.authorization === `Bearer ${token}`) return
    const response = await login.fetch(
      new Request(`http://x${generated.path}${generated.query}`, {
        method: generated.method,
        headers,
        ...(hasBody ? { body: generated.body } : {}),
      }),
      { address: "127.0.0.1" },
    )
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    if (response.status >= 500) throw new Error(`${response.status}: ${await response.text()}`)
    if (
      response.status >= 400 &&
      response.headers.get("content-type") !== "application/problem+json; charset=utf-8"
    )
      throw new Error(`${response.status} without a problem document`)
  }
  await fc.assert(fc.asyncProperty(request, send), {
    numRuns: requests,
    interruptAfterTimeLimit: 580_000,
    markInterruptAsFailure: true,
  })
  expect(({} as Record<string, unknown>).x).toBeUndefined()
  expect(logged.filter(line => line.includes("unexpectedly"))).toEqual([])
  const me = await login.fetch(new Request("http://x/me", { headers: { authorization: `Bearer ${token}` } }))
  expect(me.status).toBe(200)
  console.log(
    `statuses: ${[...statuses]
      .sort()
      .map(([status, count]) => `${status}: ${count}`)
      .join(", ")}`,
  )
  await login.close()
})
