import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { chromiumOptions, chromiumPath, whatChromiumIs } from "../../../scripts/chromium.ts"
import { need } from "../../../scripts/need.ts"
import { type PanelServer, startPanelServer } from "./support/panel-server.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let browser: Browser | undefined
let server: PanelServer
beforeAll(async () => {
  if (chromiumPath !== undefined) browser = await chromium.launch(chromiumOptions)
  server = await startPanelServer()
})
beforeEach(context => {
  need(context, browser !== undefined, whatChromiumIs)
  server.scan.states = ["waiting"]
  server.sent.length = 0
  server.offered = undefined
  server.registration = false
})
afterEach(async () => {
  await Promise.all(browser?.contexts().map(context => context.close()) ?? [])
})
afterAll(async () => {
  await browser?.close()
  await server.close()
})

/** A page with the panel; `logins` and `errors` count its events. */
async function open(
  query = "?ways=scan%20sms%20password",
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await (browser as Browser).newContext({ locale: "zh-CN", ...options })
  const page = await context.newPage()
  await page.goto(`${server.origin}/page${query}`)
  await page.evaluate(() => {
    const seen = { logins: [] as unknown[], errors: [] as unknown[] }
    Object.assign(globalThis, { seen })
    document.addEventListener("denglu-login", event => seen.logins.push((event as CustomEvent).detail.id))
    document.addEventListener("denglu-error", event => seen.errors.push((event as CustomEvent).detail.code))
  })
  await page.getByRole("tab", { includeHidden: true }).first().waitFor({ state: "attached" })
  return page
}

const seen = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { seen: { logins: string[]; errors: string[] } }).seen)
const cookies = async (page: Page) => (await page.context().cookies()).map(({ name }) => name).sort()
const logIns = (page: Page, count: number) =>
  expect.poll(async () => (await seen(page)).logins.length, { timeout: 20_000 }).toBe(count)

test("by scanning: code and number, scanned, confirmed, logged in, and the cookies are there on 127.0.0.1", async () => {
  const page = await open()
  await page.getByText("42").waitFor()
  expect(await page.getByRole("img").getAttribute("alt")).toBe("登录小程序码")
  server.scan.states = ["opened", "opened", "confirmed"]
  await page.getByText("已扫码，请在手机上确认").first().waitFor()
  await logIns(page, 1)
  expect(await cookies(page)).toEqual(["__Host-denglu", "__Host-denglu-refresh"])
  expect(await page.evaluate(() => document.cookie)).toBe("")
  const me = await page.evaluate(async () => (await fetch("/me")).status)
  expect(me).toBe(200)
})

test.each([
  [
    "all that the server offers, in its order",
    ["scan", "sms", "password"],
    ["扫码登录", "短信登录", "密码登录"],
  ],
  ["none but what it knows", ["password", "face"], ["密码登录"]],
  ["scanning, where the server does not say", undefined, ["扫码登录"]],
])("without the attribute `ways` the panel has %s", async (_what, offered, expected) => {
  server.offered = offered
  const page = await open("")
  expect(await page.locator("[role=tab]").allTextContents()).toEqual(expected)
})

test("a scan that was denied says so and offers another code", async () => {
  const page = await open()
  await page.getByText("42").waitFor()
  const before = server.scan.codes
  server.scan.states = ["denied"]
  await page.getByText("手机上已拒绝本次登录").first().waitFor()
  expect((await seen(page)).logins).toEqual([])
  server.scan.states = ["waiting"]
  await page.getByRole("button", { name: "换一个二维码" }).click()
  await page.getByText("42").waitFor()
  expect(server.scan.codes).toBe(before + 1)
})

test("by password: a wrong one is told of, the right one logs in, and neither stays in the page", async () => {
  const page = await open()
  await page.getByRole("tab", { name: "密码登录" }).click()
  await page.getByLabel("账号或手机号").fill(" alice ")
  await page.getByLabel("密码", { exact: true }).fill("wrong words")
  await page.getByRole("button", { name: "登录", exact: true }).click()
  await page.getByText("账号或密码不正确").waitFor()
  expect((await seen(page)).errors).toEqual(["credentials_invalid"])
  expect(await page.getByLabel("密码", { exact: true }).getAttribute("aria-invalid")).toBe("true")
  await page.getByRole("button", { name: "显示密码" }).click()
  expect(await page.getByLabel("密码", { exact: true }).getAttribute("type")).toBe("text")
  await page.getByLabel("密码", { exact: true }).fill("right words")
  await page.keyboard.press("Enter")
  await logIns(page, 1)
  expect(server.sent.at(-1)).toBe('POST /login/password {"account":"alice","password":"right words"}')
  expect(await page.getByLabel("密码", { exact: true }).inputValue()).toBe("")
})

test.each([
  ["without the attribute `ways`", ""],
  ["with it", "?ways=scan%20password"],
])("where the server has registration on, the form registers too, %s", async (_what, query) => {
  server.offered = ["scan", "password"]
  server.registration = true
  const page = await open(query)
  await page.getByRole("tab", { name: "密码登录" }).click()
  const password = page.getByLabel("密码", { exact: true })
  expect(await password.getAttribute("autocomplete")).toBe("current-password")
  await page.getByRole("button", { name: "没有账号？注册" }).click()
  expect(await password.getAttribute("autocomplete")).toBe("new-password")
  const folder = process.env.DENGLU_SCREENSHOTS
  if (folder !== undefined) await page.screenshot({ path: `${folder}/panel-register.png` })
  const send = page.getByRole("button", { name: "注册", exact: true })
  await page.getByLabel("账号名").fill("bob")
  await password.fill("12345678")
  await send.click()
  await page.getByText("该账号名已被使用").waitFor()
  await page.getByLabel("账号名").fill(" carol ")
  await send.click()
  await page.getByText("请换一个更长、不常见的密码").waitFor()
  await password.fill("four good words")
  await send.click()
  await logIns(page, 1)
  expect(server.sent.at(-1)).toBe('POST /register {"account":"carol","password":"four good words"}')
  expect((await seen(page)).errors).toEqual(["account_taken", "password_refused"])
  await page.getByRole("button", { name: "已有账号？登录" }).click()
  await page.getByLabel("账号或手机号").fill("alice")
  await password.fill("right words")
  await page.getByRole("button", { name: "登录", exact: true }).click()
  await logIns(page, 2)
  expect(server.sent.at(-1)).toBe('POST /login/password {"account":"alice","password":"right words"}')
})

test("where it has not, there is no switch", async () => {
  server.offered = ["password"]
  const page = await open("")
  await page.getByLabel("账号或手机号").waitFor()
  expect(await page.getByRole("button", { name: /注册/ }).count()).toBe(0)
})

test("by SMS: digits are sent for, count down, and log in; another number makes them void", async () => {
  const page = await open()
  await page.getByRole("tab", { name: "短信登录" }).click()
  const logIn = page.getByRole("button", { name: "登录", exact: true })
  expect(await logIn.isDisabled()).toBe(true)
  await page.getByLabel("手机号", { exact: true }).fill("138 0013 8000")
  await page.getByRole("button", { name: "获取验证码" }).click()
  await page.getByText("验证码已发送，5 分钟内有效").waitFor()
  expect(server.sent.at(-1)).toBe('POST /sms {"phone":"13800138000","purpose":"login"}')
  expect(await page.getByRole("button", { name: /秒后可重发/ }).isDisabled()).toBe(true)
  await page.getByLabel("6 位验证码").fill("000000")
  await logIn.click()
  await page.getByText("验证码不正确或已过期").waitFor()
  await page.getByLabel("6 位验证码").fill("123456")
  await logIn.click()
  await logIns(page, 1)
  await page.getByLabel("手机号", { exact: true }).fill("13900139000")
  expect(await logIn.isDisabled()).toBe(true)
})

test("the keyboard reaches everything: arrows change the tab, Tab goes to its fields", async () => {
  const page = await open()
  await page.keyboard.press("Tab")
  await page.keyboard.press("ArrowRight")
  const selected = () => page.locator("[role=tab][aria-selected=true]").innerText()
  expect(await selected()).toBe("短信登录")
  await page.keyboard.press("ArrowLeft")
  await page.keyboard.press("ArrowLeft")
  expect(await selected()).toBe("密码登录")
  await page.keyboard.press("Tab")
  expect(
    await page.evaluate(() =>
      document.querySelector("denglu-login")?.shadowRoot?.activeElement?.getAttribute("name"),
    ),
  ).toBe("username")
})

test("a tab that is left stops asking, and the panel in another language asks anew", async () => {
  const page = await open()
  await page.getByText("42").waitFor()
  await page.getByRole("tab", { name: "密码登录" }).click()
  await page.waitForTimeout(300)
  const before = server.sent.length
  await page.waitForTimeout(500)
  expect(server.sent.length).toBe(before)
  await page.evaluate(() => document.querySelector("denglu-login")?.setAttribute("lang", "en"))
  await page.getByText("Open WeChat and scan").waitFor()
  expect((await seen(page)).errors).toEqual([])
})

test("ways names which tabs there are, in their order; one alone needs no tabs", async () => {
  const page = await open("?ways=password%20scan%20nonsense")
  expect(await page.getByRole("tab").allInnerTexts()).toEqual(["密码登录", "扫码登录"])
  const context = await (browser as Browser).newContext()
  const alone = await context.newPage()
  await alone.goto(`${server.origin}/page?ways=sms&lang=en`)
  await alone.getByLabel("Phone number").waitFor()
  expect(await alone.getByRole("tab").count()).toBe(0)
  await alone.goto(`${server.origin}/page`)
  await alone.getByText("42").waitFor()
  expect(await alone.getByRole("tab").count()).toBe(0)
})

describe.each([390, 1440])("at a width of %i", width => {
  test.each(["light", "dark"] as const)("in %s it fits, and its text stands out", async colorScheme => {
    const page = await open(undefined, { viewport: { width, height: 844 }, colorScheme })
    await page.getByText("42").waitFor()
    for (const name of ["扫码登录", "短信登录", "密码登录"]) {
      await page.getByRole("tab", { name }).click()
      await page.waitForTimeout(250)
      const folder = process.env.DENGLU_SCREENSHOTS
      if (folder !== undefined)
        await page.screenshot({ path: `${folder}/panel-${width}-${colorScheme}-${name}.png` })
      const { panel, inner } = await page.evaluate(() => {
        const root = document.querySelector("denglu-login")?.shadowRoot as ShadowRoot
        const panel = (root.querySelector(".panel") as HTMLElement).getBoundingClientRect()
        const shown = [...root.querySelectorAll<HTMLElement>("[role=tabpanel]:not([hidden]) *")]
        return {
          panel: { left: panel.left, right: panel.right, wide: document.documentElement.scrollWidth },
          inner: shown
            .map(each => each.getBoundingClientRect())
            .filter(({ width }) => width > 1)
            .map(({ left, right }) => [left, right]),
        }
      })
      expect(panel.wide).toBeLessThanOrEqual(width)
      for (const [left, right] of inner) {
        expect(left).toBeGreaterThanOrEqual(panel.left)
        expect(right).toBeLessThanOrEqual(panel.right)
      }
    }
  })
})
