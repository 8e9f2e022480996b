import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startSimulator } from "@denglu/simulator"
import { compileProject, type Launched, launch, type Program } from "@denglu/stage"
import { createLogin, type Login } from "denglu"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"

/** The example mini programs, unchanged, on the stage: over a real login server and a simulated WeChat. */
let wechat: Awaited<ReturnType<typeof startSimulator>>
let login: Login
let server: Server
let url: string
let example: Program
let tutorial: Program
const pictures = mkdtempSync(join(tmpdir(), "denglu-stage-"))
afterAll(() => rmSync(pictures, { recursive: true }))

beforeAll(async () => {
  wechat = await startSimulator({ port: 0 })
  login = await createLogin({
    apps: wechat.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-stage",
    limits: false,
    wechat: { simulator: wechat.url },
    avatars: { storage: `file:${pictures}`, publicUrl: "http://127.0.0.1:3000" },
  })
  // A shop's own route beside the login's.
  server = createServer(async (req, res) => {
    if (req.url !== "/orders") return login.node(req, res)
    try {
      const { userId } = await login.authenticate(req.headers.authorization)
      const order = {
        id: "1",
        title: `tea for ${userId}`,
        price_cents: 4200,
        created_at: "2026-01-02T03:04:05Z",
      }
      res.setHeader("content-type", "application/json").end(JSON.stringify({ orders: [order] }))
    } catch (error) {
      const { status, headers, body } = login.problem(error, req.headers["accept-language"])
      res.writeHead(status, headers).end(body)
    }
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const conditions = ["denglu-source"]
  const folder = (name: string) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url))
  example = await compileProject(folder("miniprogram"), { conditions })
  tutorial = await compileProject(folder("miniprogram-tutorial"), { conditions })
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await login.close()
  await wechat.close()
})

/** The network of these phones: port 3000, which the sources name, is wherever the server listens. */
const network: typeof fetch = (input, init) => {
  const named = String(input)
  expect(named).toMatch(/^http:\/\/127\.0\.0\.1:3000\//)
  return fetch(named.replace("http://127.0.0.1:3000", url), init)
}

interface Phone {
  readonly user: string
  readonly storage?: { load(): string | null; save(text: string): void }
}

async function open(program: Program, phone: Phone): Promise<Launched> {
  const launched = await launch(program, { simulator: wechat.simulator, fetch: network, ...phone })
  onTestFinished(() => {
    expect(launched.errors()).toEqual([])
    launched.close()
  })
  return launched
}

/** From the home page through the login page, back to the home page. */
async function logIn(phone: Launched): Promise<void> {
  phone.tap("#open-login")
  await phone.until(() => phone.page().route === "pages/login/login")
  phone.tap("#agree")
  phone.tap("#login")
  await phone.until(() => phone.page().route === "pages/home/home")
}

const idOf = async (phone: Launched) => {
  await phone.until(() => phone.text("#orders").includes("tea for"))
  return /tea for (\w+)/.exec(phone.text("#orders"))?.[1] ?? ""
}

function lasting(): Required<Phone>["storage"] {
  let kept: string | null = null
  return {
    load: () => kept,
    save(text) {
      kept = text
    },
  }
}

test("the tutorial's mini program compiles without a problem, and logs in as it stands", async () => {
  expect(tutorial.problems).toEqual([])
  const phone = await open(tutorial, { user: "alice" })
  phone.tap("#login")
  await phone.until(() => /^[0-9a-v]{26}$/.test(phone.text("#user-id")))
  const token = (phone.wx.getStorageSync as (key: string) => string)("token")
  const me = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })
  expect(((await me.json()) as { id: string }).id).toBe(phone.text("#user-id"))
  // Its app.js logs in by itself at the start, its page at the tap.
  expect(phone.calls("login")).toHaveLength(2)
})

test("the example compiles without a problem", () => {
  expect(example.problems).toEqual([])
})

test("in the example nobody is logged in before the tap and the consent, and then its request has its user", async () => {
  const phone = await open(example, { user: "bob" })
  expect(phone.calls("login")).toEqual([])
  phone.tap("#open-login")
  await phone.until(() => phone.page().route === "pages/login/login")
  phone.tap("#login")
  expect(phone.text("#problem")).toBe("请先阅读并勾选同意隐私保护指引")
  expect(phone.calls("login")).toEqual([])
  phone.tap("#agree")
  phone.tap("#login")
  await phone.until(() => phone.page().route === "pages/home/home")
  expect(await idOf(phone)).toMatch(/^[0-9a-v]{26}$/)
  expect(phone.calls("login")).toHaveLength(1)
})

test("opened again, the example is still logged in, and asks WeChat for no code", async () => {
  const storage = lasting()
  const first = await open(example, { user: "carol", storage })
  await logIn(first)
  const id = await idOf(first)
  const second = await open(example, { user: "carol", storage })
  expect(await idOf(second)).toBe(id)
  expect(second.calls("login")).toEqual([])
})

test("a nickname is saved, and another device of the same person has it", async () => {
  const phone = await open(example, { user: "dave" })
  await logIn(phone)
  phone.tap("我的")
  await phone.until(() => phone.page().route === "pages/profile/profile")
  phone.input("#nickname", "小戴")
  phone.tap("#save")
  await phone.until(() => phone.text().includes("已保存"))
  const other = await open(example, { user: "dave" })
  await logIn(other)
  await other.until(() => other.text("#greeting").includes("小戴"))
})

test("a device that is logged out from another one says so, and does not log in by itself", async () => {
  const [here, there] = [await open(example, { user: "erin" }), await open(example, { user: "erin" })]
  await logIn(here)
  await logIn(there)
  await idOf(there)
  here.tap("我的")
  await here.until(() => here.page().route === "pages/profile/profile")
  here.tap("#open-sessions")
  await here.until(() => here.text("#end-others"))
  here.tap("#end-others")
  await here.until(() => here.text("确定"))
  here.tap("确定")
  await here.until(() => here.text("#no-other-sessions"))

  there.tap("#refresh-orders")
  await there.until(() => there.text("#open-login"))
  expect(there.text()).toContain("登录已失效，请重新登录")
  expect(there.calls("login")).toHaveLength(1)
})

async function openProfile(phone: Launched): Promise<void> {
  await logIn(phone)
  phone.tap("我的")
  await phone.until(() => phone.page().route === "pages/profile/profile")
  await phone.until(() => phone.text("#phone-number"))
}

/** Taps the button and answers WeChat's question. */
async function shareNumber(phone: Launched, answer: "允许" | "取消"): Promise<void> {
  phone.tap("#bind-phone")
  const isAsked = () => phone.text().includes("申请获取并验证你的手机号")
  await phone.until(isAsked)
  phone.tap(answer)
  await phone.until(() => !isAsked())
}

test("a phone number is bound by WeChat's button, changed and removed, and shown in part only", async () => {
  wechat.simulator.addUser({ name: "grace", phone: "13800138000" })
  const phone = await open(example, { user: "grace" })
  await openProfile(phone)
  expect(phone.text("#phone-number")).toBe("未绑定")
  await shareNumber(phone, "取消")
  expect(phone.text()).not.toContain("暂时无法获取手机号")
  await shareNumber(phone, "允许")
  await phone.until(() => phone.text("#phone-number") === "138****8000")
  await phone.until(() => phone.text().includes("手机号已绑定"))
  expect(phone.text()).not.toContain("13800138000")

  wechat.simulator.addUser({ name: "grace", phone: "13900139000" })
  await shareNumber(phone, "允许")
  await phone.until(() => phone.text("#phone-number") === "139****9000")

  const other = await open(example, { user: "grace" })
  await openProfile(other)
  await other.until(() => other.text("#phone-number") === "139****9000")
  other.tap("#remove-phone")
  await other.until(() => other.text("确定"))
  other.tap("确定")
  await other.until(() => other.text("#phone-number") === "未绑定")
})

test("somebody else's number, and a quota that is used up, are told to the person, and nothing is bound", async () => {
  for (const name of ["heidi", "ivan"]) wechat.simulator.addUser({ name, phone: "13700137000" })
  const first = await open(example, { user: "heidi" })
  await openProfile(first)
  await shareNumber(first, "允许")
  await first.until(() => first.text("#phone-number") === "137****7000")
  const second = await open(example, { user: "ivan" })
  await openProfile(second)
  await shareNumber(second, "允许")
  await second.until(() => second.text("#phone-problem") === "该手机号已绑定其他账号")
  expect(second.text("#phone-number")).toBe("未绑定")

  wechat.simulator.setPhoneQuota({ left: 0 })
  second.tap("#bind-phone")
  await second.until(() => second.text("#phone-problem").includes("暂时无法获取手机号"))
  expect(second.text()).toContain("该功能使用次数已达当前小程序上限")
  wechat.simulator.setPhoneQuota({ left: null })
})

/** Waits for a question of the page, and answers it. */
async function answer(phone: Launched, question: string, yes = true): Promise<void> {
  await phone.until(() => phone.text().includes(question))
  phone.tap(yes ? "确定" : "取消")
  await phone.until(() => !phone.text().includes(question))
}

async function deleteAccount(phone: Launched): Promise<void> {
  await openProfile(phone)
  phone.tap("#open-leave")
  await phone.until(() => phone.page().route === "pages/leave/leave")
  phone.tap("#leave")
  await answer(phone, "注销账号？")
  await answer(phone, "最后确认")
  await phone.until(() =>
    /^20\d\d-\d\d-\d\d \d\d:\d\d 前登录可以恢复账号/.test(phone.text("#left .notice-text")),
  )
}

test("whoever deletes the account is asked twice, is out, and is asked at the next login whether to come back", async () => {
  const phone = await open(example, { user: "judy" })
  await openProfile(phone)
  phone.tap("#open-leave")
  await phone.until(() => phone.page().route === "pages/leave/leave")
  phone.tap("#leave")
  await answer(phone, "注销账号？")
  await answer(phone, "最后确认", false)
  expect(phone.text("#leave")).toBe("注销账号")
  phone.tap("#leave")
  await answer(phone, "注销账号？")
  await answer(phone, "最后确认")
  await phone.until(() => phone.text("#left").includes("账号已注销"))
  expect(phone.text()).not.toContain("登录已失效")
  phone.tap("#done")
  await phone.until(() => phone.page().route === "pages/profile/profile")

  phone.tap("#open-login")
  await phone.until(() => phone.page().route === "pages/login/login")
  phone.tap("#agree")
  phone.tap("#login")
  await answer(phone, "恢复账号？", false)
  await phone.until(() => phone.text("#login") === "微信登录")
  expect(phone.page().route).toBe("pages/login/login")
  phone.tap("#login")
  await answer(phone, "恢复账号？")
  await phone.until(() => phone.page().route === "pages/profile/profile")
  await phone.until(() => phone.text().includes("账号已恢复"))
  expect(phone.text("#open-leave")).toBe("注销账号")
})

test("whoever has just deleted the account comes back by a tap, and another device hears that its login is over", async () => {
  const other = await open(example, { user: "kate" })
  await logIn(other)
  const id = await idOf(other)
  const phone = await open(example, { user: "kate" })
  await deleteAccount(phone)
  other.tap("#refresh-orders")
  await other.until(() => other.text().includes("登录已失效，请重新登录"))
  phone.tap("#come-back")
  await phone.until(() => phone.page().route === "pages/profile/profile")
  await logIn(other)
  expect(await idOf(other)).toBe(id)
})

test("the avatar is asked for after the privacy terms only, and the language is the person's choice", async () => {
  const phone = await launch(example, {
    simulator: wechat.simulator,
    fetch: network,
    user: "frank",
    privacy: "needed",
  })
  onTestFinished(() => phone.close())
  await logIn(phone)
  phone.tap("我的")
  await phone.until(() => phone.page().route === "pages/profile/profile")
  phone.tap("#avatar")
  await phone.until(() => phone.text("#privacy-agree"))
  phone.tap("#privacy-agree")
  await phone.until(() => phone.text("🌿 青绿"))
  phone.tap("🌿 青绿")
  await phone.until(() => phone.text().includes("已保存"))
  const shown = phone.window.document.querySelector("#avatar img")?.getAttribute("src") ?? ""
  expect(shown).toMatch(/^http:\/\/127\.0\.0\.1:3000\/avatars\/[0-9a-v]{26}\.png$/)
  const picture = await fetch(shown.replace("http://127.0.0.1:3000", url))
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"])
  phone.tap("#language-en")
  await phone.until(() => phone.text("#logout") === "Log out")
  expect(phone.text(".stage-tabs")).not.toContain("我的")
  expect(phone.errors()).toEqual([])
})
