import { expect, test } from "vitest"
import { usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees, on, click } = playground

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

/** The modal's button that says yes. */
const yes = ".stage-box-confirm"

/** Logs everything of this person's out, on the page of devices that the phone shows. */
async function logOutEverywhere(): Promise<void> {
  await tap("#end-all")
  await tap(yes)
  await shop().getByText("这次会话在别处被终止了").waitFor()
  expect(await session().innerText()).toBe("网页没有会话")
  await shop().getByRole("button", { name: "登录", exact: true }).waitFor()
}

test("the web page is logged in by pointing the phone at its code, and the mini program ends both", async () => {
  await playground.logIn()
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
  await tap("#scan-sessions")
  await logOutEverywhere()
})

test("a stolen picture, a late scan and a guessed number each end without a session", async () => {
  await playground.logIn()
  await openPanel()
  await playground.clear()

  const picture = () => shop().locator('.code:not([data-off]) [part="code"]').getAttribute("src")
  const before = await picture()
  await click(button("过期才扫"))
  expect(await sees("#scan-problem")).toMatch(/过期|失效|重新/)
  await expect.poll(picture, { timeout: 10_000 }).not.toBe(before)

  await click(button("猜错数字"))
  await shop().locator(".over", { hasText: "手机上已拒绝本次登录" }).waitFor()
  await playground.page.getByText("输错一次，码就作废").waitFor()
  await shop().getByRole("button", { name: "换一个二维码" }).click()
  await shop().locator(".code:not([data-off])").waitFor()

  await click(button("被转发的码图片"))
  await playground.page.locator('.chip[aria-pressed="true"]', { hasText: "阿强" }).waitFor()
  expect(await sees("#scan-problem")).toContain("图片、相册和分享中的码不能用于登录")

  expect(await session().innerText()).toBe("网页没有会话")
  const messages = await playground.messages()
  expect(messages).toContain("scene 1049")
  expect(messages).not.toContain("POST /scan/…/redeem")
})
