import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { requireUser } from "denglu/express"
import { afterEach, describe, expect, test } from "vitest"
import { readCookie } from "../../src/http/browser-session.ts"
import { type Harness, startHarness } from "../support/harness.ts"

const own = { "sec-fetch-site": "same-origin", origin: "http://login.test" }
const asksForCookies = { "denglu-session": "cookie", ...own }

let harness: Harness | undefined
let server: Server | undefined
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  await harness?.close()
  harness = undefined
})

async function start(options: Parameters<typeof startHarness>[0] = {}): Promise<Harness> {
  harness = await startHarness({ browserSessions: true, ...options })
  return harness
}

/** Logs a person in with cookies; answers what a browser would send from then on. */
async function logInWithCookies(person = "alice") {
  const { send, code } = harness as Harness
  const answer = await send("POST", "/login", { body: { code: code(person) }, headers: asksForCookies })
  expect(answer.status).toBe(200)
  return { answer, cookie: jarOf(answer.headers) }
}

function jarOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map(text => text.slice(0, text.indexOf(";")))
    .join("; ")
}

describe("a login with Denglu-Session: cookie", () => {
  test("puts the tokens into cookies that scripts, other hosts and plain HTTP never see, and nowhere else", async () => {
    await start()
    const { answer } = await logInWithCookies()
    expect(answer.body).toMatchObject({ token_type: "Cookie", expires_in: expect.any(Number) })
    const [access, refresh, ...more] = answer.headers.getSetCookie()
    expect(more).toEqual([])
    expect(access).toMatch(
      /^__Host-denglu=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    )
    expect(refresh).toMatch(
      /^__Host-denglu-refresh=\S+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    )
    for (const cookie of [access, refresh])
      expect(answer.text).not.toContain(readCookie(cookie, cookie?.split("=")[0] as string))
  })

  test("is refused with 400 where the option is off, and the code is not spent", async () => {
    const { send, code } = await start({ browserSessions: false })
    const sent = code("alice")
    const refused = await send("POST", "/login", { body: { code: sent }, headers: asksForCookies })
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } })
    expect(refused.text).toContain("browserSessions")
    expect((await send("POST", "/login", { body: { code: sent } })).status).toBe(200)
  })

  test("from another site's page is refused before the code is spent: nobody is logged in as somebody else", async () => {
    const { send, code } = await start()
    const sent = code("mallory")
    const headers = {
      "denglu-session": "cookie",
      "sec-fetch-site": "cross-site",
      origin: "https://evil.test",
    }
    const refused = await send("POST", "/login", { body: { code: sent }, headers })
    expect(refused).toMatchObject({ status: 403, body: { code: "origin_refused" } })
    expect(refused.headers.getSetCookie()).toEqual([])
    expect((await send("POST", "/login", { body: { code: sent } })).status).toBe(200)
  })
})

describe("a request with the cookies", () => {
  test("is the user's on every route, without any header", async () => {
    const { send } = await start()
    const { answer, cookie } = await logInWithCookies()
    const me = await send("GET", "/me", { headers: { cookie } })
    expect(me).toMatchObject({ status: 200, body: { id: answer.body.user.id } })
    const changed = await send("POST", "/me", { body: { nickname: "Alice" }, headers: { cookie, ...own } })
    expect(changed).toMatchObject({ status: 200, body: { nickname: "Alice" } })
  })

  test.each([
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    ["a sister host", { "sec-fetch-site": "same-site", origin: "http://evil.login.test" }],
    ["a page with no origin", { "sec-fetch-site": "cross-site", origin: "null" }],
    ["an old browser at another site", { origin: "https://evil.test" }],
    ["an origin that only begins like ours", { origin: "http://login.test.evil.test" }],
    ["the address bar, which posts nothing", { "sec-fetch-site": "none" }],
    ["whatever says nothing", {}],
  ])("that changes something is refused from %s", async (_, from) => {
    const { send } = await start()
    const { cookie } = await logInWithCookies()
    for (const [method, path] of [
      ["POST", "/me"],
      ["PATCH", "/me"],
      ["POST", "/logout"],
      ["DELETE", "/me/sessions/any"],
    ] as const) {
      const answer = await send(method, path, {
        ...(method === "DELETE" ? {} : { body: { nickname: "evil" } }),
        headers: { cookie, host: "login.test", ...from },
      })
      expect(answer).toMatchObject({ status: 403, body: { code: "origin_refused" } })
    }
    expect((await send("GET", "/me", { headers: { cookie } })).body.nickname).toBe(null)
  })

  test("counts from old browsers of the same host, and from origins that are named, letter by letter", async () => {
    const { send } = await start({ allowedOrigins: ["https://www.example.com"] })
    const { cookie } = await logInWithCookies()
    const change = (from: Readonly<Record<string, string>>) =>
      send("POST", "/me", { body: { nickname: "A" }, headers: { cookie, host: "login.test", ...from } })
    expect((await change({ origin: "http://login.test" })).status).toBe(200)
    const named = await change({ origin: "https://www.example.com", "sec-fetch-site": "cross-site" })
    expect(named.status).toBe(200)
    expect(named.headers.get("access-control-allow-credentials")).toBe("true")
    expect(named.headers.get("access-control-allow-origin")).toBe("https://www.example.com")
    expect((await change({ origin: "https://www.example.com:8443" })).status).toBe(403)
    expect((await change({ origin: "http://www.example.com" })).status).toBe(403)
  })

  test("is nobody's where the option is off", async () => {
    await start()
    const { cookie } = await logInWithCookies()
    await harness?.close()
    const { send } = await start({ browserSessions: false })
    expect(await send("GET", "/me", { headers: { cookie } })).toMatchObject({
      status: 401,
      body: { code: "token_missing" },
    })
  })

  test("is the header's if it has one: a script that says who it is means it", async () => {
    const { send, logIn } = await start()
    const { cookie } = await logInWithCookies("alice")
    const bob = await logIn("bob")
    const me = await send("GET", "/me", { token: bob.access_token, headers: { cookie } })
    expect(me.body.id).toBe(bob.user.id)
  })

  test.each([
    "",
    "=",
    "__Host-denglu",
    "__Host-denglu=",
    "; ;;=;__Host-denglu",
    "__host-denglu=a.b.c",
    "x__Host-denglu=a.b.c",
    `${"a=b; ".repeat(4_000)}__Host-denglu=a.b.c`,
  ])("that are none at all is 401 (%#)", async cookie => {
    const { send } = await start()
    expect((await send("GET", "/me", { headers: { cookie } })).status).toBe(401)
  })
})

describe("refresh and logout with cookies", () => {
  test("rotate and forget them", async () => {
    const { send } = await start()
    const { cookie } = await logInWithCookies()
    const refreshed = await send("POST", "/refresh", { headers: { cookie, ...asksForCookies } })
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: "Cookie" } })
    const next = jarOf(refreshed.headers)
    expect(readCookie(next, "__Host-denglu-refresh")).not.toBe(readCookie(cookie, "__Host-denglu-refresh"))
    const out = await send("POST", "/logout", { headers: { cookie: next, ...own } })
    expect(out.status).toBe(200)
    for (const forgotten of out.headers.getSetCookie())
      expect(forgotten).toContain("=; Path=/; Secure; HttpOnly")
    expect(out.headers.getSetCookie()).toHaveLength(2)
    const again = await send("POST", "/refresh", { headers: { cookie: next, ...asksForCookies } })
    expect(again).toMatchObject({ status: 401, body: { code: "session_revoked" } })
    expect(again.headers.getSetCookie()).toHaveLength(2)
  })

  test("a refresh from another site's page is refused, and without Denglu-Session the cookie means nothing", async () => {
    const { send } = await start()
    const { cookie } = await logInWithCookies()
    const evil = { "denglu-session": "cookie", "sec-fetch-site": "cross-site", origin: "https://evil.test" }
    expect((await send("POST", "/refresh", { headers: { cookie, ...evil } })).status).toBe(403)
    expect(await send("POST", "/refresh", { headers: { cookie, ...own } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/refresh_token" }] },
    })
    const fine = await send("POST", "/refresh", { headers: { cookie, ...asksForCookies } })
    expect(fine.status).toBe(200)
  })

  test("an answer that is late leaves the cookies: only what ends the session forgets them", async () => {
    const { send, advance } = await start()
    const { cookie } = await logInWithCookies()
    advance(31 * 60_000)
    const expired = await send("GET", "/me", { headers: { cookie } })
    expect(expired).toMatchObject({ status: 401, body: { code: "token_expired" } })
    expect(expired.headers.getSetCookie()).toEqual([])
  })
})

test("over node:http both cookies are set, and requireUser of Express knows whose they are", async () => {
  const { login, code } = await start()
  const guarded = requireUser(login)
  server = createServer((req, res) => {
    if (req.url !== "/orders") return login.node(req, res)
    guarded(req, res, () => res.end((req as unknown as { user: { id: string } }).user.id))
  })
  await new Promise<void>(resolve => (server as Server).listen(0, "127.0.0.1", resolve))
  const origin = `http://127.0.0.1:${((server as Server).address() as AddressInfo).port}`
  const answer = await fetch(`${origin}/login`, {
    method: "POST",
    headers: { "content-type": "application/json", "denglu-session": "cookie", origin },
    body: JSON.stringify({ code: code("alice") }),
  })
  expect(answer.headers.getSetCookie()).toHaveLength(2)
  const { user } = (await answer.json()) as { user: { id: string } }
  const cookie = jarOf(answer.headers)
  expect(await (await fetch(`${origin}/orders`, { headers: { cookie } })).text()).toBe(user.id)
  expect((await fetch(`${origin}/orders`)).status).toBe(401)
  const forged = { cookie, origin: "https://evil.test" }
  expect((await fetch(`${origin}/orders`, { method: "POST", headers: forged })).status).toBe(403)
})

test("redirectTo answers what is listed, letter by letter, and nothing else", async () => {
  const { login } = await start({ allowedRedirects: ["https://www.example.com/account", "/account"] })
  expect(login.redirectTo("https://www.example.com/account")).toBe("https://www.example.com/account")
  expect(login.redirectTo("/account")).toBe("/account")
  for (const evil of [
    "https://www.example.com/account/",
    "https://www.example.com/account?next=//evil.test",
    "https://www.example.com.evil.test/account",
    "https://www.example.com@evil.test/account",
    "//evil.test/account",
    "/\\evil.test",
    "/account/../x",
    "javascript:alert(1)",
    "",
    null,
    undefined,
  ])
    expect(login.redirectTo(evil)).toBeUndefined()
})

test.each([["//evil.test"], ["/\\evil.test"], ["javascript:alert(1)"], ["account"]])(
  "the option allowedRedirects refuses %s",
  async wrong => {
    await expect(startHarness({ allowedRedirects: [wrong] })).rejects.toThrow("allowedRedirects")
  },
)
