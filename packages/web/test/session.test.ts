import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { createLogin } from "../src/index.ts"
import { type Browser, openBrowser, server } from "./support/browser.ts"

const life = 31 * 60_000
let browser: Browser
beforeEach(async () => {
  browser = await openBrowser()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  await browser.harness.close()
})

const count = (what: string) => browser.sent.filter(sent => sent === what).length

describe.each(["cookie", "token"] as const)("a session in mode %s", session => {
  test("of a deleted account is over; a login tells until when it can come back, and one that restores brings it back", async () => {
    const login = browser.tab({ session })
    const { id } = await login.password("alice", "secret words")
    const left = await browser.harness.login.users.delete(id)
    await expect(login.request("/me")).rejects.toMatchObject({ code: "logged_out" })
    const sent = browser.sent.length
    expect(await login.ready()).toBe(null)
    expect(browser.sent).toHaveLength(sent)
    const restoreUntil = new Date(left?.leavesAt ?? 0).toISOString()
    const refused = { code: "account_deleted", status: 403, retryable: false, restoreUntil }
    await expect(login.password("alice", "secret words")).rejects.toMatchObject(refused)
    expect(await login.password("alice", "secret words", { restore: true })).toMatchObject({ id })
    expect(await login.request("/me")).toMatchObject({ id })
  })

  test("comes with a login, goes with requests, and ends with logout", async () => {
    const login = browser.tab({ session })
    expect(login.user).toBe(null)
    expect(await login.ready()).toBe(null)
    expect(browser.sent).toEqual([])
    const user = await login.password("alice", "secret words")
    expect(await login.request("/me")).toMatchObject({ id: user.id })
    expect(login.user?.id).toBe(user.id)
    await login.logout()
    expect(login.user).toBe(null)
    await expect(login.request("/me")).rejects.toMatchObject({ code: "logged_out" })
    expect(count("POST /logout")).toBe(1)
  })

  test("is renewed once for 20 requests in each of 5 tabs", async () => {
    const tabs = Array.from({ length: 5 }, () => browser.tab({ session }))
    await tabs[0]?.password("alice", "secret words")
    browser.harness.advance(life)
    const answers = await Promise.all(
      tabs.flatMap(tab => Array.from({ length: 20 }, () => tab.request<{ id: string }>("/me"))),
    )
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(count("POST /refresh")).toBe(1)
  })

  test("that another tab has renewed is not renewed again by whoever was refused with the one before", async () => {
    const [one, other] = [browser.tab({ session }), browser.tab({ session })]
    await one.password("alice", "secret words")
    let refusals = 0
    browser.intercept = async (_, path) => {
      if (path !== "/me" || refusals > 0) return undefined
      refusals += 1
      browser.harness.advance(life)
      await other.request("/sessions").catch(() => {})
      return new Response("{}", { status: 401 })
    }
    await one.request("/me")
    expect(count("POST /refresh")).toBe(1)
  })

  test("that the server has ended is over in every tab, and listeners hear of it once", async () => {
    const [one, other] = [browser.tab({ session }), browser.tab({ session })]
    const heard: (string | undefined)[] = []
    other.onChange(user => heard.push(user?.id))
    const { id } = await one.password("alice", "secret words")
    await browser.harness.login.sessions.revokeAll(id)
    await expect(one.request("/me")).rejects.toMatchObject({ code: "logged_out" })
    await Promise.resolve()
    expect(other.user).toBe(null)
    expect(heard).toEqual([id, undefined])
    expect(count("POST /refresh")).toBe(1)
  })

  test("survives an answer to the refresh that got lost", async () => {
    const login = browser.tab({ session })
    await login.password("alice", "secret words")
    browser.harness.advance(life)
    browser.answered = path => {
      if (path !== "/refresh") return
      browser.answered = undefined
      throw new TypeError("the connection broke")
    }
    await expect(login.request("/me")).rejects.toMatchObject({ code: "network", retryable: true })
    await expect(login.request("/me")).resolves.toMatchObject({})
    expect(count("POST /refresh")).toBe(2)
  })

  test("stays when the server is away, and is used until its end", async () => {
    const login = browser.tab({ session })
    await login.password("alice", "secret words")
    const user = login.user
    const [kept] = browser.stored.values()
    const { expires_in } = JSON.parse(kept as string) as { expires_in: number }
    browser.intercept = (_, path) => (path === "/refresh" ? new Response("", { status: 503 }) : undefined)
    browser.harness.advance((expires_in - 30) * 1000)
    expect(await login.request("/me")).toMatchObject({ id: user?.id })
    expect(count("POST /refresh")).toBe(1)
    browser.harness.advance(31_000)
    await expect(login.request("/me")).rejects.toMatchObject({
      code: "http_error",
      status: 503,
      retryable: true,
    })
    expect(login.user).toEqual(user)
    browser.intercept = undefined
    expect(await login.request("/me")).toMatchObject({ id: user?.id })
  })

  test("that is logged out of while it is being renewed stays out, and what came is ended on the server", async () => {
    const login = browser.tab({ session })
    const { id } = await login.password("alice", "secret words")
    browser.harness.advance(life)
    browser.answered = async path => {
      if (path !== "/refresh") return
      browser.answered = undefined
      browser.intercept = (_, path) => {
        if (path !== "/logout") return undefined
        browser.intercept = undefined
        throw new TypeError("no network just now")
      }
      await login.logout()
    }
    await expect(login.request("/me")).rejects.toMatchObject({ code: "logged_out" })
    expect(login.user).toBe(null)
    expect(await browser.harness.login.sessions.list(id)).toEqual([])
  })

  test("logout everywhere with a token that is over renews it first, and says if the server could not be told", async () => {
    const login = browser.tab({ session })
    const { id } = await login.password("alice", "secret words")
    await browser.harness.logIn("alice")
    browser.harness.advance(life)
    browser.intercept = () => new Response("", { status: 503 })
    await expect(login.logout({ everywhere: true })).rejects.toMatchObject({ status: 503 })
    expect(login.user?.id).toBe(id)
    browser.intercept = undefined
    await login.logout({ everywhere: true })
    expect(login.user).toBe(null)
    expect(await browser.harness.login.sessions.list(id)).toEqual([])
  })

  test("is told of in all tabs: a login, another name, a logout", async () => {
    const [one, other] = [browser.tab({ session }), browser.tab({ session })]
    const heard: unknown[] = []
    const stop = other.onChange(user => heard.push(user?.nickname ?? user))
    await one.password("alice", "secret words")
    one.setUser({ nickname: "Alice" })
    await one.logout()
    await Promise.resolve()
    expect(heard).toEqual([expect.objectContaining({ nickname: null }), "Alice", null])
    stop()
    await one.password("alice", "secret words")
    await Promise.resolve()
    expect(heard).toHaveLength(3)
  })
})

test("in cookies, nothing that opens a session is where a script could read it", async () => {
  const login = browser.tab()
  await login.password("alice", "secret words")
  const [access, refresh] = [browser.cookie("__Host-denglu"), browser.cookie("__Host-denglu-refresh")]
  expect(access).toMatch(/^ey/)
  const stored = JSON.stringify([...browser.stored])
  expect(stored).toContain("session_id")
  for (const secret of [access, refresh, "secret words"]) expect(stored).not.toContain(secret)
  expect(browser.headersOf("/login/password")?.has("authorization")).toBe(false)
})

test("nobody but baseUrl and origins is sent a session", async () => {
  const login = browser.tab({ session: "token", origins: ["https://orders.test"] })
  await login.password("alice", "secret words")
  browser.intercept = (_, path) => (path === "/list" ? Response.json({ ok: 1 }) : undefined)
  expect(await login.request("https://orders.test/list")).toEqual({ ok: 1 })
  expect(browser.headersOf("/list")?.get("authorization")).toMatch(/^Bearer ey/)
  const before = browser.sent.length
  for (const evil of [
    "https://evil.test/list",
    "https://login.test.evil.test/",
    "https://login.test@evil.test/",
  ])
    await expect(login.request(evil)).rejects.toThrow(TypeError)
  expect(browser.sent).toHaveLength(before)
})

test("a path that looks like another host stays on ours", async () => {
  const login = browser.tab()
  await login.password("alice", "secret words")
  await login.fetch("//evil.test/x")
  expect(browser.sent.at(-1)).toBe("GET //evil.test/x")
})

test.each(["login.test", "ftp://login.test", "https://login.test/", "https://login.test?x", "//login.test"])(
  "baseUrl %s is refused",
  wrong => {
    expect(() => createLogin({ baseUrl: wrong })).toThrow(TypeError)
  },
)

test("a storage that refuses, and one that holds rubbish, cost the login nothing", async () => {
  const refusing = {
    getItem(): never {
      throw new Error("denied")
    },
    setItem(): never {
      throw new Error("full")
    },
    removeItem(): never {
      throw new Error("denied")
    },
  }
  const login = browser.tab({ storage: refusing })
  expect(login.user).toBe(null)
  const { id } = await login.password("alice", "secret words")
  expect(await login.request("/me")).toMatchObject({ id })
  await login.logout()
  expect(login.user).toBe(null)
  for (const rubbish of ["", "null", "{", "[]", '{"user":1}', '{"user":{"id":"x"}}']) {
    browser.stored.set(`denglu:${server}`, rubbish)
    expect(browser.tab().user).toBe(null)
  }
})

test("errors have the server's code, its remedy's language and Retry-After", async () => {
  const login = browser.tab({ language: "en" })
  browser.intercept = () =>
    Response.json(
      { code: "rate_limited", title: "Too many requests", retryable: true },
      { status: 429, headers: { "retry-after": "7", "content-type": "application/problem+json" } },
    )
  await expect(login.password("alice", "secret words")).rejects.toMatchObject({
    name: "LoginError",
    code: "rate_limited",
    message: "Too many requests",
    status: 429,
    retryAfter: 7,
    retryable: true,
  })
  expect(browser.headersOf("/login/password")?.get("accept-language")).toBe("en")
})

test("a request that is too slow is a timeout, and one that is broken off says so", async () => {
  const login = browser.tab({ timeout: 30 })
  vi.stubGlobal(
    "fetch",
    (_: string, { signal }: RequestInit) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  )
  await expect(login.password("alice", "secret words")).rejects.toMatchObject({ code: "timeout" })
})
