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

test("the web page is logged in by pointing the phone at its code, and the mini program ends both", async () => {
  await playground.logIn()
  const number = await openPanel()
  await playground.clear()
  await click(button("用手机扫这个码"))
  await confirm(number)
  expect(await sees("#scan-done")).toContain("网页已登录")
  await shop().getByText("你的订单").waitFor()
  expect(await session().innerText()).toContain("网页已登录")
})
