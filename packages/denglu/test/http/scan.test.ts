import { afterEach, describe, expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { NewScan, Store } from "../../src/store/store.ts"
import { type Harness, startHarness } from "../support/harness.ts"
import { chromeOnWindows, cookieOf, openBrowser, scanHarness, takePhone } from "../support/scanning.ts"

let harness: Harness
afterEach(() => harness.close())

const start = async (...options: Parameters<typeof scanHarness>) => {
  harness = await scanHarness(...options)
}

/** A browser whose login the person has confirmed. */
async function confirmed(person = "alice") {
  const browser = await openBrowser(harness)
  const phone = await takePhone(harness, person)
  const { body } = await phone.scan(browser.image)
  expect((await phone.confirm(body.id, browser.number)).status).toBe(204)
  return { browser, phone }
}

/** A store that tells which tickets it is to keep. */
function storeThatTells(tell: (scan: NewScan) => void): Store {
  const store = createMemoryStore()
  return {
    ...store,
    createScan(scan) {
      tell(scan)
      return store.createScan(scan)
    },
  }
}

const code = ({ status, body }: { readonly status: number; readonly body: { code?: string } }) => [
  status,
  body.code,
]

describe("a login by scanning", () => {
  test("goes from the code on the page over the person's yes to a session of the browser's", async () => {
    await start({ scan: { siteName: "示例商城", place: async address => `by ${address}` } })
    const events: unknown[] = []
    for (const name of ["scan.confirmed", "scan.denied", "scan.reported", "session.issued"] as const)
      harness.login.on(name, event => events.push([name, event]))
    const browser = await openBrowser(harness)
    expect(browser.answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-v]{26}$/),
      image: expect.stringMatching(/^data:image\/png;base64,/),
      number: expect.stringMatching(/^[1-9][0-9]$/),
      expires_in: 180,
    })
    expect(browser.answer.headers.get("set-cookie")).toMatch(
      /^__Host-denglu-scan=[\w-]{43}; Max-Age=240; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    )
    expect((await browser.status()).body).toEqual({ status: "waiting", expires_in: 180 })
    expect(code(await browser.redeem())).toEqual([400, "ticket_pending"])

    const phone = await takePhone(harness, "alice")
    const asked = new Date(harness.now()).toISOString()
    harness.advance(1_500)
    expect((await phone.scan(browser.image)).body).toEqual({
      id: browser.id,
      site: { name: "示例商城", origin: null },
      browser: "Chrome on Windows",
      place: "by 203.0.113.7",
      requested_at: asked,
      expires_in: 179,
    })
    expect((await browser.status()).body).toEqual({ status: "opened", expires_in: 179 })
    expect(code(await browser.redeem())).toEqual([400, "ticket_pending"])

    const yes = await phone.confirm(browser.id, browser.number)
    expect([yes.status, yes.text]).toEqual([204, ""])
    expect((await browser.status()).body.status).toBe("confirmed")
    const { status, body, headers } = await browser.redeem()
    expect(status).toBe(200)
    expect(headers.get("set-cookie")).toMatch(/^__Host-denglu-scan=; Max-Age=0; /)
    expect(body).toMatchObject({ token_type: "Bearer", user: { id: phone.tokens.user.id, is_new: false } })
    expect((await harness.send("GET", "/me", { token: body.access_token })).body.id).toBe(
      phone.tokens.user.id,
    )
    expect((await browser.status()).body.status).toBe("redeemed")
    expect(code(await browser.redeem())).toEqual([400, "ticket_invalid"])

    const userId = phone.tokens.user.id
    const { appid } = harness
    expect(events.slice(1)).toEqual([
      ["scan.confirmed", { scanId: browser.id, userId, appid, requestId: expect.any(String) }],
      [
        "session.issued",
        {
          sessionId: body.session_id,
          userId,
          appid,
          isNew: false,
          openedBy: "scan",
          requestId: expect.any(String),
        },
      ],
    ])
    const refreshed = await harness.send("POST", "/refresh", { body: { refresh_token: body.refresh_token } })
    expect(refreshed.status).toBe(200)
  })

  test("is named in the list of devices, in the language of who asks", async () => {
    await start()
    const { browser, phone } = await confirmed()
    const { body } = await browser.redeem()
    const list = async (language: string) => {
      const headers = { "accept-language": language }
      const answer = await harness.send("GET", "/me/sessions", { token: phone.tokens.access_token, headers })
      return answer.body.sessions.find(({ id }: { id: string }) => id === body.session_id)
    }
    expect(await list("en")).toMatchObject({
      device: "Chrome on Windows, by scanning",
      opened_by: "scan",
      user_agent: chromeOnWindows,
    })
    expect(await list("zh-CN")).toMatchObject({ device: "Windows 上的 Chrome，扫码登录" })
  })

  test("lives seven days at most, and as short as the option says", async () => {
    await start()
    const long = (await (await confirmed()).browser.redeem()).body
    expect(long.refresh_expires_in).toBe(604_800)
    await harness.close()
    await start({ scan: { siteName: "shop", sessionLifetime: 3_600 } })
    const short = (await (await confirmed()).browser.redeem()).body
    expect(short.refresh_expires_in).toBe(3_600)
    harness.advance(3_600_000)
    const { body } = await harness.send("POST", "/refresh", { body: { refresh_token: short.refresh_token } })
    expect(body.code).toBe("token_expired")
  })

  test("ends with one tap: no, or this wasn't me, which is reported", async () => {
    await start()
    const events: unknown[] = []
    harness.login.on("scan.denied", ({ reason }) => events.push(reason))
    harness.login.on("scan.reported", ({ userId }) => events.push(userId))
    const phone = await takePhone(harness, "alice")
    for (const body of [undefined, { not_me: true }]) {
      const browser = await openBrowser(harness)
      await phone.scan(browser.image)
      expect((await phone.deny(browser.id, body)).status).toBe(204)
      expect((await browser.status()).body.status).toBe("denied")
      expect(code(await browser.redeem())).toEqual([403, "ticket_denied"])
      expect(code(await phone.confirm(browser.id, browser.number))).toEqual([400, "ticket_invalid"])
      expect(code(await phone.deny(browser.id))).toEqual([400, "ticket_invalid"])
    }
    expect(events).toEqual(["denied", phone.tokens.user.id])
  })

  test("ends at its time, to the millisecond, and as long as the option says", async () => {
    await start({ scan: { siteName: "shop", lifetime: 30 } })
    const { browser } = await confirmed()
    const other = await openBrowser(harness)
    harness.advance(29_999)
    expect((await browser.status()).body).toEqual({ status: "confirmed", expires_in: 1 })
    harness.advance(1)
    expect((await browser.status()).body).toEqual({ status: "expired", expires_in: 0 })
    expect((await other.status()).body.status).toBe("expired")
    expect(code(await browser.redeem())).toEqual([400, "ticket_invalid"])
  })

  test("shows the page's origin only where it is one of allowedOrigins, and then takes a value and no cookie", async () => {
    const origin = "https://www.example.com"
    await start({ allowedOrigins: [origin] })
    const headers = { origin, "sec-fetch-site": "same-site", "user-agent": chromeOnWindows }
    const cookie = await harness.send("POST", "/scan", { headers })
    expect(code(cookie)).toEqual([400, "invalid_request"])
    expect(cookie.body.errors[0].pointer).toBe("/binding")
    const browser = await openBrowser(harness, { headers, body: { binding: "value" } })
    expect(browser.answer.headers.get("set-cookie")).toBeNull()
    const phone = await takePhone(harness, "alice")
    const opened = await phone.scan(browser.image)
    expect(opened.body.site.origin).toBe(origin)
    await phone.confirm(browser.id, browser.number)
    expect((await browser.status()).body.status).toBe("confirmed")
    expect((await browser.redeem()).status).toBe(200)
    const preflight = await harness.send("OPTIONS", `/scan/${browser.id}`, { headers: { origin } })
    expect(preflight.headers.get("access-control-allow-headers")).toContain("denglu-scan-secret")
  })

  test("may go by cookie on another origin of the same site, where browserSessions lets cookies through", async () => {
    const origin = "https://www.example.com"
    await start({ allowedOrigins: [origin], browserSessions: true })
    const ask = (site: string) =>
      harness.send("POST", "/scan", { headers: { origin, "sec-fetch-site": site } })
    const sister = await ask("same-site")
    expect([sister.status, sister.headers.get("access-control-allow-credentials")]).toEqual([200, "true"])
    expect(cookieOf(sister)).toBeDefined()
    expect(code(await ask("cross-site"))).toEqual([400, "invalid_request"])
  })

  test("leaves no token in the answer where the page wants its session in cookies", async () => {
    await start({ browserSessions: true })
    const { browser } = await confirmed()
    const headers = { ...browser.proof, "denglu-session": "cookie", "sec-fetch-site": "same-origin" }
    const answer = await harness.send("POST", `/scan/${browser.id}/redeem`, { headers })
    expect(answer.body).toMatchObject({ token_type: "Cookie", user: { is_new: false } })
    expect(answer.text).not.toMatch(/_token"/)
    const cookies = answer.headers.getSetCookie().map(cookie => cookie.split("=")[0])
    expect(cookies).toEqual(["__Host-denglu-scan", "__Host-denglu", "__Host-denglu-refresh"])
  })

  test("is begun by an old browser whose Origin is this host, and by who is no browser", async () => {
    await start()
    for (const headers of [{}, { origin: "http://login.test" }, { "sec-fetch-site": "none" }])
      expect((await harness.send("POST", "/scan", { headers })).status).toBe(200)
    const elsewhere = { origin: "http://login.test:81" }
    expect(code(await harness.send("POST", "/scan", { headers: elsewhere }))).toEqual([403, "origin_refused"])
  })

  test("keeps of scene and secret only digests, and logs neither, nor the number's code", async () => {
    const kept: unknown[] = []
    await start({ store: storeThatTells(scan => kept.push(scan)) })
    const browser = await openBrowser(harness)
    const scene = harness.simulator.scanCode({ image: browser.image })?.query.scene ?? ""
    const secret = browser.proof.cookie?.split("=")[1] ?? ""
    expect([scene.length, secret.length]).toEqual([22, 43])
    expect(browser.id).not.toContain(scene)
    const phone = await takePhone(harness, "alice")
    await phone.scan(browser.image)
    await phone.scan(browser.image, "album")
    await phone.confirm(browser.id, browser.number)
    await browser.redeem()
    const all = JSON.stringify([kept, harness.logged])
    expect(all).not.toContain(scene)
    expect(all).not.toContain(secret)
  })
})

describe("what a browser asks for", () => {
  test("is a 404 wherever logins by scanning are off", async () => {
    harness = await startHarness()
    const { access_token: token } = await harness.logIn("alice")
    const proof = { "denglu-scan-secret": "x".repeat(43) }
    const answers = [
      await harness.send("POST", "/scan"),
      await harness.send("GET", "/scan/x", { headers: proof }),
      await harness.send("POST", "/scan/x/redeem", { headers: proof }),
      await harness.send("POST", "/scan/open", { token, body: { scene: "x", launch_scene: 1047 } }),
      await harness.send("POST", "/scan/x/confirm", { token, body: { number: "10" } }),
      await harness.send("POST", "/scan/x/deny", { token }),
    ]
    expect(answers.map(code)).toEqual(answers.map(() => [404, "not_found"]))
  })

  test.each([
    ["busy", 503, "wechat_busy"],
    ["rate_limited", 503, "wechat_rate_limited"],
    ["quota", 503, "wechat_rate_limited"],
    ["reset", 503, "wechat_unreachable"],
    ["html", 503, "wechat_unreachable"],
    ["wrong_json", 503, "wechat_unreachable"],
    ["empty", 503, "wechat_unreachable"],
  ] as const)(
    "is no code while WeChat draws none (%s), and there is no ticket then",
    async (kind, status, problem) => {
      let made = 0
      await start({
        store: storeThatTells(() => {
          made += 1
        }),
      })
      harness.simulator.faults.add({ kind, endpoint: "getwxacodeunlimit" })
      const answer = await harness.send("POST", "/scan")
      expect(code(answer)).toEqual([status, problem])
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0)
      expect(made).toBe(0)
    },
  )

  test("is a page that WeChat doesn't know: the operator reads it in the log, the browser does not", async () => {
    await start()
    harness.simulator.faults.add({ kind: "errcode", errcode: 41030, endpoint: "getwxacodeunlimit" })
    const answer = await harness.send("POST", "/scan")
    expect(code(answer)).toEqual([500, "app_misconfigured"])
    expect(harness.logged.join("\n")).toMatch(/41030.*pages\/scan\/scan|pages\/scan\/scan.*41030/)
  })

  test("is limited by address, in all, and by person", async () => {
    await start({ limits: { scansPerAddress: 2, scansPerApp: 3, scanOpensPerUser: 1 } })
    const browser = await openBrowser(harness)
    await openBrowser(harness)
    expect(code(await harness.send("POST", "/scan"))).toEqual([429, "rate_limited"])
    await openBrowser(harness, { address: "203.0.113.8" })
    expect(code(await harness.send("POST", "/scan", { address: "203.0.113.9" }))).toEqual([
      429,
      "rate_limited",
    ])
    const phone = await takePhone(harness, "alice")
    expect((await phone.scan(browser.image)).status).toBe(200)
    expect(code(await phone.scan(browser.image))).toEqual([429, "rate_limited"])
  })

  test("has no place where the look-up of the operator fails or takes too long", async () => {
    await start({
      scan: {
        siteName: "shop",
        place: address =>
          address === "203.0.113.1" ? new Promise(() => {}) : Promise.reject(new Error("no")),
      },
    })
    const phone = await takePhone(harness, "alice")
    for (const address of ["203.0.113.1", "203.0.113.2"]) {
      const browser = await openBrowser(harness, { address })
      expect((await phone.scan(browser.image)).body.place).toBeNull()
    }
  })

  test.each([
    ["a number of three digits", "confirm", { number: "123" }],
    ["a number that is one", "confirm", { number: 47 }],
    ["no number", "confirm", {}],
    ["a not_me that is a text", "deny", { not_me: "yes" }],
  ])("refuses %s without using the ticket up", async (_name, path, body) => {
    await start()
    const browser = await openBrowser(harness)
    const phone = await takePhone(harness, "alice")
    await phone.scan(browser.image)
    const { access_token: token } = phone.tokens
    const answer = await harness.send("POST", `/scan/${browser.id}/${path}`, { token, body })
    expect(code(answer)).toEqual([400, "invalid_request"])
    expect((await phone.confirm(browser.id, browser.number)).status).toBe(204)
  })
})

test("a cookie of an earlier code is replaced, and the earlier code is nobody's then", async () => {
  await start()
  const first = await openBrowser(harness)
  const again = await openBrowser(harness, { headers: first.proof })
  expect(cookieOf(again.answer)).not.toBe(first.proof.cookie)
  const headers = again.proof
  expect(code(await harness.send("GET", `/scan/${first.id}`, { headers }))).toEqual([400, "ticket_invalid"])
})
