import type { Page } from "playwright-core"
import { expect, test } from "vitest"
import { usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees, on, click } = playground

const account = { name: "xiaoli", password: "云上 的 茶与咖啡" }
const shop = () => playground.page.frameLocator(".computer iframe")
const session = () => playground.page.locator(".browser-session")
const button = (name: string) => playground.page.getByRole("button", { name })

/** Opens the panel on the web page and waits for its code. Answers the number beside it. */
async function openPanel(): Promise<string> {
  await shop().getByRole("button", { name: "登录", exact: true }).click()
  await shop().locator(".code:not([data-off])").waitFor()
  return shop().locator('[part="number"]').innerText()
}

async function confirm(number: string): Promise<void> {
  await sees("#scan-request")
  await on("#scan-number input").fill(number)
  await tap("#scan-confirm:not([disabled])")
}

/** The server's clock jumps ahead: a number gets one message a minute. */
async function waitAMinute(): Promise<void> {
  await click(playground.page.locator('.side-switch [data-side="faults"]'))
  await playground.press("token-expired")
  await click(playground.page.locator('.side-switch [data-side="computer"]'))
}

/** The digits of the SMS that the phone shows. */
async function digitsOnPhone(): Promise<string> {
  const code = playground.page.locator(".phone .sms-code")
  await code.waitFor()
  const digits = await code.innerText()
  await playground.page.locator(".phone .sms").getByRole("button").click()
  return digits
}

async function logInBySms(page: Page, number: string): Promise<void> {
  await page.getByRole("button", { name: "登录", exact: true }).click()
  await page.getByRole("tab", { name: "短信登录" }).click()
  await page.getByLabel("手机号", { exact: true }).fill(number)
  await page.getByRole("button", { name: "获取验证码" }).click()
  await page.getByLabel("6 位验证码").fill(await digitsOnPhone())
  await page.getByRole("button", { name: "登录", exact: true }).click()
  await page.getByText("你的订单").waitFor()
}

async function logInByPassword(page: Page): Promise<void> {
  await page.getByRole("button", { name: "登录", exact: true }).click()
  await page.getByRole("tab", { name: "密码登录" }).click()
  await page.getByLabel("账号或手机号").fill(account.name)
  await page.getByLabel("密码", { exact: true }).fill(account.password)
  await page.getByRole("button", { name: "登录", exact: true }).click()
  await page.getByText("你的订单").waitFor()
}

test("web pages are logged in by scanning, by SMS and by password, and the mini program ends all of them", async () => {
  await playground.logIn()
  await tap(".stage-tab >> nth=1")
  await tap("#open-password")
  await sees("#account")
  await on("#account input").fill(account.name)
  await on("#password input").fill(account.password)
  await tap("#save-password")
  await sees("#open-password")

  const number = await openPanel()
  expect(await session().innerText()).toBe("网页没有会话")
  await click(button("用手机扫这个码"))
  await confirm(number)
  expect(await sees("#scan-done")).toContain("网页已登录")
  await shop().getByText("你的订单").waitFor()
  expect(await session().innerText()).toBe("网页已登录")
  expect(await playground.messages()).toEqual(
    expect.arrayContaining(["POST /scan", "POST /wxa/getwxacodeunlimit", "POST /scan/…/redeem"]),
  )

  const phone = "13800138000"
  await shop().getByLabel("手机号", { exact: true }).fill(phone)
  await shop().getByRole("button", { name: "发送" }).click()
  await shop()
    .getByLabel("6 位验证码")
    .fill(await digitsOnPhone())
  await shop().getByRole("button", { name: "绑定" }).click()
  await shop().getByText("已绑定 138****8000").waitFor()
  await waitAMinute()
  const bySms = await playground.openShop()
  await logInBySms(bySms, phone)
  const byPassword = await playground.openShop()
  await logInByPassword(byPassword)
  await playground.page
    .locator(".message-head")
    .evaluateAll(heads => heads.forEach(head => void (head as HTMLElement).click()))
  await playground.page.locator('.message[data-open="true"]').last().waitFor()
  const content = await playground.page.content()
  for (const secret of [phone, account.password]) expect(content).not.toContain(secret)
  const me = (page: Page) =>
    page.evaluate(() => fetch("site/me").then(async answer => (await answer.json()).id))
  const user = await me(playground.page)
  for (const page of [bySms, byPassword]) expect(await me(page)).toBe(user)

  await tap("#scan-sessions")
  await tap("#end-all")
  await tap(".stage-box-confirm")
  for (const page of [shop(), bySms, byPassword]) await page.getByText("这次会话在别处被终止了").waitFor()
  expect(await session().innerText()).toBe("网页没有会话")
})

test("a stolen picture, a late scan and a guessed number each end without a session", async () => {
  await playground.logIn()
  await openPanel()
  await playground.clear()

  const picture = () => shop().locator('.code:not([data-off]) [part="code"]').getAttribute("src")
  const before = await picture()
  await click(button("过期再扫"))
  expect(await sees("#scan-problem")).toMatch(/过期|失效|重新/)
  await expect.poll(picture, { timeout: 10_000 }).not.toBe(before)

  await click(button("猜数字"))
  await shop().locator(".over", { hasText: "手机上已拒绝本次登录" }).waitFor()
  await playground.page.getByText("输错一次，码就作废").waitFor()
  await shop().getByRole("button", { name: "换一个二维码" }).click()
  await shop().locator(".code:not([data-off])").waitFor()

  await click(button("盗图转发"))
  await playground.page.locator('.chip[aria-pressed="true"]', { hasText: "阿强" }).waitFor()
  expect(await sees("#scan-problem")).toContain("图片、相册和分享中的码不能用于登录")

  expect(await session().innerText()).toBe("网页没有会话")
  const messages = await playground.messages()
  expect(messages).toContain("scene 1049")
  expect(messages).not.toContain("POST /scan/…/redeem")
})
