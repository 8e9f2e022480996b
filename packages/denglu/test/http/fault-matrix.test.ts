import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { faultKinds } from "@denglu/simulator"
import type { ErrorCode } from "denglu"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { problemTable } from "../../src/http/problem-table.ts"
import {
  type Answered,
  appids,
  borrowerKey,
  type FaultyWeChat,
  startFaultyWeChat,
} from "../support/faulty-wechat.ts"

const { own, website, shop } = appids
let pretend: FaultyWeChat
let people = 0
const folder = mkdtempSync(join(tmpdir(), "denglu-faults-"))

beforeAll(async () => {
  pretend = await startFaultyWeChat({
    scan: { siteName: "示例商城", appid: own },
    borrowers: [{ name: "shop", key: borrowerKey }],
    legacyPhoneData: true,
    cloudHosting: true,
    sms: { send: async () => {} },
    passwords: { registration: true },
    avatars: { storage: `file:${folder}`, publicUrl: "https://login.example.com" },
  })
})
afterAll(async () => {
  await pretend.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A route that asks WeChat, one row for each way in which it does. */
interface Row {
  readonly name: string
  /** What it asks for, in turn. */
  readonly endpoints: readonly string[]
  /** The endpoint that hands out tokens is only asked when the one at hand is over. */
  readonly refused: readonly ErrorCode[]
  /** Gets ready while WeChat is well, and answers what asks it. */
  readonly prepare: () => Promise<() => Promise<Answered>>
}

const anyCall: readonly ErrorCode[] = [
  "wechat_unreachable",
  "wechat_busy",
  "wechat_rate_limited",
  "app_misconfigured",
  // What WeChat says of a person, wherever it says it.
  "code_blocked",
]
const byCode: readonly ErrorCode[] = [...anyCall, "code_invalid", "code_used"]
const byPhoneCode: readonly ErrorCode[] = [...anyCall, "phone_code_invalid"]

const code = (appid: string, user: string) => {
  const { simulator, plant } = pretend
  const made =
    appid === website ? simulator.issueOauthCode({ appid, user }) : simulator.issueCode({ appid, user })
  return plant("code", made)
}

async function logIn(appid: string, user: string): Promise<string> {
  const { status, text } = await pretend.send("POST", "/login", { body: { appid, code: code(appid, user) } })
  expect(status).toBe(200)
  const { access_token, refresh_token } = JSON.parse(text)
  pretend.plant("refresh token", refresh_token)
  return pretend.plant("access token", access_token)
}

const nobody = () => {
  people += 1
  return `person ${people}`
}

/** A row of somebody new who is logged in, and sends a body. */
const signedIn =
  (method: string, path: string, body: (user: string) => object, appid: string = own): Row["prepare"] =>
  async () => {
    const user = nobody()
    const token = await logIn(appid, user)
    const sent = body(user)
    return () => pretend.send(method, path, { token, body: sent })
  }

const logInTo = (appid: string, endpoints: readonly string[]): Row => ({
  name: `POST /login (${endpoints.at(-1)})`,
  endpoints,
  refused: [...byCode, ...(appid === shop ? (["platform_not_ready", "app_unauthorized"] as const) : [])],
  async prepare() {
    const body = { appid, code: code(appid, nobody()) }
    return () => pretend.send("POST", "/login", { body })
  },
})

/** Of the person who came last. */
const newPassword = () => ({
  account: `account${people}`,
  password: pretend.plant("password", `Wortschatz ${randomUUID()}`),
})

const phoneCode = (appid: string) => (user: string) => ({
  code: pretend.plant("phone code", pretend.simulator.issuePhoneCode({ appid, user })),
})

const rows: readonly Row[] = [
  logInTo(own, ["jscode2session"]),
  logInTo(website, ["oauth2_access_token"]),
  logInTo(shop, ["api_component_token", "component_jscode2session"]),
  {
    name: "POST /me/phone (code)",
    endpoints: ["stable_token", "getuserphonenumber"],
    refused: byPhoneCode,
    prepare: signedIn("POST", "/me/phone", phoneCode(own)),
  },
  {
    name: "POST /me/phone (code, by a platform)",
    endpoints: ["api_authorizer_token", "getuserphonenumber"],
    refused: [...byPhoneCode, "platform_not_ready", "app_unauthorized"],
    prepare: signedIn("POST", "/me/phone", phoneCode(shop), shop),
  },
  {
    name: "POST /me/phone (encrypted data)",
    endpoints: ["stable_token", "checkencryptedmsg"],
    refused: anyCall,
    prepare: signedIn("POST", "/me/phone", user => {
      const phone = `139${String(people).padStart(8, "0")}`
      const data = { phoneNumber: phone, purePhoneNumber: phone, countryCode: "86" }
      const { encryptedData, iv } = pretend.simulator.encryptData({ appid: own, user, data })
      return { encrypted_data: encryptedData, iv }
    }),
  },
  {
    name: "POST /me/identities",
    endpoints: ["oauth2_access_token"],
    refused: byCode,
    prepare: signedIn("POST", "/me/identities", user => ({ appid: website, code: code(website, user) })),
  },
  {
    name: "POST /me/merge",
    endpoints: ["jscode2session"],
    refused: byCode,
    async prepare() {
      const other = nobody()
      await logIn(own, other)
      return signedIn("POST", "/me/merge", () => ({ confirm: true, appid: own, code: code(own, other) }))()
    },
  },
  ...["DELETE /me", "POST /me/delete"].map((name): Row => {
    const [method = "", path = ""] = name.split(" ")
    const prepare = signedIn(method, path, user => ({ appid: own, code: code(own, user) }))
    return { name, endpoints: ["jscode2session"], refused: byCode, prepare }
  }),
  {
    name: "POST /me/password",
    endpoints: ["jscode2session"],
    refused: byCode,
    prepare: signedIn("POST", "/me/password", user => ({
      ...newPassword(),
      appid: own,
      code: code(own, user),
    })),
  },
  {
    name: "POST /password/reset",
    endpoints: ["jscode2session"],
    refused: byCode,
    async prepare() {
      const user = nobody()
      const token = await logIn(own, user)
      const first = { ...newPassword(), appid: own, code: code(own, user) }
      expect((await pretend.send("POST", "/me/password", { token, body: first })).status).toBe(200)
      const body = { ...newPassword(), account: first.account, appid: own, code: code(own, user) }
      return () => pretend.send("POST", "/password/reset", { body })
    },
  },
  {
    name: "POST /scan",
    endpoints: ["stable_token", "getwxacodeunlimit"],
    refused: anyCall,
    prepare: async () => () => pretend.send("POST", "/scan", { body: { binding: "value" } }),
  },
  {
    name: "POST /wechat/access-token",
    endpoints: ["stable_token"],
    refused: anyCall,
    prepare: async () => () =>
      pretend.send("POST", "/wechat/access-token", { token: borrowerKey, body: { appid: own } }),
  },
]

/** Routes that ask WeChat for nothing, whatever it answers. */
const asksNothing = [
  "POST /login/cloud",
  "POST /login/password",
  "POST /register",
  "DELETE /me/password",
  "GET /login/ways",
  "POST /refresh",
  "POST /logout",
  "GET /me",
  "PATCH /me",
  "POST /me",
  "GET /me/export",
  "POST /me/avatar",
  "GET /avatars/:name",
  "DELETE /me/phone",
  "GET /me/sessions",
  "DELETE /me/sessions/:id",
  "GET /me/identities",
  "DELETE /me/identities/:id",
  "GET /wechat/push/:appid",
  "POST /wechat/push/:appid",
  "POST /me/open-data",
  "GET /.well-known/jwks.json",
  "GET /.well-known/revocations",
  "POST /scan/open",
  "GET /scan/:id",
  "POST /scan/:id/redeem",
  "POST /scan/:id/confirm",
  "POST /scan/:id/deny",
  "POST /sms",
  "POST /login/sms",
  "GET /openapi.json",
  "GET /healthz",
  "GET /readyz",
]
/** What WeChat sends here, and is answered by asking it in turn: see platform-faults.test.ts for its endpoints. */
const answersWeChat = ["POST /wechat/platform/:appid"]

const routeOf = ({ name }: Row) => name.replace(/ \(.*/, "")

/** `DENGLU_CAMPAIGN=1`: each fault before and after the endpoint's work; else by turns. */
const isCampaign = process.env.DENGLU_CAMPAIGN === "1"
/** To wait for what is slow takes its time: else once an endpoint. */
const isWaitedFor = (row: Row, endpoint: string) =>
  isCampaign || rows.find(({ endpoints }) => endpoints.includes(endpoint)) === row
const kindNumber = (kind: (typeof faultKinds)[number]) => faultKinds.indexOf(kind)

test("every route has its rows here: one that asks WeChat, or that it asks for nothing", () => {
  const known = [...new Set(rows.map(routeOf)), ...asksNothing, ...answersWeChat]
  expect(known.sort()).toEqual(pretend.login.routes.map(({ method, path }) => `${method} ${path}`).sort())
})

/** Tokens are over, tickets fresh, and what was noted of failures is forgotten. */
async function beginAnew({ endpoints }: Row): Promise<void> {
  const { simulator } = pretend
  simulator.faults.clear()
  simulator.clock.advance(60_000)
  if (endpoints.some(endpoint => endpoint.startsWith("api_"))) {
    await simulator.pushTicket()
    await simulator.authorize({ appid: shop }).pushed
  }
  simulator.clock.advance(2 * 3_600_000)
}

/** What must not be said to anybody but its owner. */
function leaks(text: string): readonly string[] {
  return [...pretend.planted].filter(([, secret]) => text.includes(secret)).map(([what]) => what)
}

describe.each(rows)("$name", row => {
  test("asks WeChat for what its row says", async () => {
    await beginAnew(row)
    const ask = await row.prepare()
    pretend.asked()
    expect((await ask()).status).toBeLessThan(300)
    expect(pretend.asked()).toEqual(row.endpoints)
  })

  const cases = row.endpoints.flatMap(endpoint =>
    faultKinds
      .filter(kind => kind !== "slow" || isWaitedFor(row, endpoint))
      .map(kind => ({ endpoint, kind })),
  )
  test.each(cases)("$kind of $endpoint: a documented answer in time that tells no secret", async given => {
    for (const afterConsume of isCampaign ? [false, true] : [kindNumber(given.kind) % 2 === 0]) {
      await beginAnew(row)
      const ask = await row.prepare()
      pretend.simulator.faults.add({ ...given, afterConsume, delayMs: 1_300 })
      const logged = pretend.logged.length
      judge(row, await ask())
      expect(leaks(pretend.logged.slice(logged).join("\n"))).toEqual([])
    }
    await beginAnew(row)
    expect((await (await row.prepare())()).status).toBeLessThan(300)
  })
})

function judge({ refused }: Row, { status, headers, text, took }: Answered): void {
  expect(took).toBeLessThan(3_000)
  if (status < 300) return
  const problem = JSON.parse(text)
  expect(refused).toContain(problem.code)
  const entry = problemTable[problem.code as ErrorCode]
  expect([status, problem.status]).toEqual([entry.status, entry.status])
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/)
  expect(problem.remedy.length).toBeGreaterThan(10)
  expect(problem.request_id).toMatch(/^\w+/)
  if (status === 503 || status === 429) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0)
  expect(leaks(text)).toEqual([])
}

test("all that is planted was many a secret, and the OpenAPI document has every code", async () => {
  expect(pretend.planted.size).toBeGreaterThan(32)
  const { info, paths } = JSON.parse((await pretend.send("GET", "/openapi.json")).text)
  for (const row of rows) {
    const [method = "", path = ""] = routeOf(row).split(" ")
    expect(paths[path]).toHaveProperty(method.toLowerCase())
    for (const refused of row.refused) expect(info.description).toContain(`\`${refused}\``)
  }
})
