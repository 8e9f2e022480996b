import type { Page } from "playwright-core"
import { expect, test } from "vitest"
import { wholeSecrets } from "../dev/fixture-parts.ts"
import { headOf, rows, soon, stepStates, usePageRig } from "./page-rig.ts"

const rig = usePageRig()

async function openAll(page: Page): Promise<void> {
  for (const row of await rows(page).all()) await row.getByRole("button").first().click()
}

test("the nine steps light up as they happen", async () => {
  const page = await rig.open()
  expect(await stepStates(page)).toEqual(Array(9).fill("todo"))
  expect(await page.getByText('Tap "Log in" on the phone').isVisible()).toBe(true)

  await rig.fixture.act("login")
  await rows(page).nth(7).waitFor()
  expect(await stepStates(page)).toEqual([...Array(6).fill("done"), "now", "todo", "todo"])
  await rig.fixture.act("orders")
  await rig.fixture.act("open-data")
  await rows(page).nth(11).waitFor()
  expect(await stepStates(page)).toEqual([...Array(8).fill("done"), "now"])
})

test("a step explains itself when it has the focus", async () => {
  const page = await rig.open()
  await page.getByRole("button", { name: "Step 3" }).focus()
  await page.locator(".step-sentence", { hasText: "Your server trades the code" }).waitFor()
})

test("in slow motion the messages of a login are drawn one after another", async () => {
  const page = await (await rig.context()).newPage()
  await page.clock.install()
  await page.goto(rig.address)
  await page.locator('[data-link="open"]').waitFor()
  await page.clock.pauseAt(Date.now() + 1_000)
  await rig.fixture.act("login")
  await expect
    .poll(async () => {
      await page.clock.runFor(50)
      return rows(page).count()
    }, soon)
    .toBe(1)
  await page.clock.runFor(500)
  expect(await rows(page).count()).toBe(2)
  await page.clock.runFor(6 * 500)
  expect(await rows(page).count()).toBe(8)
})

test("a row opens and closes by keyboard, and a secret in it says why it is hidden", async () => {
  const page = await rig.open()
  await rig.fixture.act("login")
  const row = rows(page).nth(2)
  const head = row.getByRole("button").first()
  await head.focus()
  expect(await head.getAttribute("aria-expanded")).toBe("false")
  await page.keyboard.press("Enter")
  expect(await head.getAttribute("aria-expanded")).toBe("true")
  await page.keyboard.press("Tab")
  const why = row.getByText("Whoever holds an unused code can log in as this person.")
  expect(await why.isVisible()).toBe(true)
  await page.keyboard.press("Shift+Tab")
  expect(await why.isVisible()).toBe(false)
  await page.keyboard.press("Space")
  expect(await head.getAttribute("aria-expanded")).toBe("false")
  expect(await row.locator(".details").count()).toBe(0)
})

test("a fault waits, says what the SDK does about it, and is drawn in red when it strikes", async () => {
  const page = await rig.open()
  const fault = page.getByRole("button", { name: "Code already used" })
  await fault.click()
  await page.getByText("The SDK gets a new code and sends that once.").waitFor()
  expect(await fault.getAttribute("aria-pressed")).toBe("true")

  await rig.fixture.act("login")
  await page.locator('[data-control="code-used"][aria-pressed="false"]').waitFor()
  expect(await page.locator('.message[data-outcome="bad"]').count()).toBe(2)
  // The second try went well, and a step is what became of it last.
  await expect.poll(() => stepStates(page), soon).toEqual([...Array(6).fill("done"), "now", "todo", "todo"])
})

test("what is done about a fault is still said after it struck", async () => {
  const page = await rig.open()
  const answer = page.getByText("The SDK gets a new code and sends that once.")
  const fault = page.locator('[data-control="code-expired"]')
  await fault.click()
  await answer.waitFor()
  await fault.click()
  await answer.waitFor({ state: "detached" })
  await fault.click()
  await answer.waitFor()
  await rig.fixture.act("login")
  await page.locator('[data-control="code-expired"][aria-pressed="false"]').waitFor()
  expect(await answer.isVisible()).toBe(true)
})

test("a step that failed says what happened instead of what should have", async () => {
  const page = await rig.open()
  await page.getByRole("button", { name: "WeChat is busy" }).click()
  await page.locator('[data-control="wechat-busy"][aria-pressed="true"]').waitFor()
  await rig.fixture.act("login")
  await page.locator('.step-sentence[data-failed="true"]', { hasText: "No login" }).waitFor()
})

test("what happens to one party is a mark on its lifeline", async () => {
  const page = await rig.open()
  await page.getByRole("button", { name: "Restart the server" }).click()
  await page.locator('.message[data-kind="event"] .event-mark').waitFor()
  await expect
    .poll(() => page.getByRole("log").innerText(), soon)
    .toBe("The server has started again (Your server)")
})

test("a lost response is a broken arrow", async () => {
  const page = await rig.open()
  await page.getByRole("button", { name: "Response lost" }).click()
  await page.locator('[data-control="lost-response"][aria-pressed="true"]').waitFor()
  await rig.fixture.act("login")
  await page.locator('.arrow[data-kind="lost"] .arrow-break').waitFor()
  expect(await page.locator(".message-end").innerText()).toBe("lost on the way")
})

test("an access token's clock runs down, by the server's time", async () => {
  const page = await rig.open()
  await page.clock.install()
  await page.reload()
  await rig.fixture.act("login")
  await headOf(page, 7).click()
  const time = page.locator(".token-time b")
  const first = await time.innerText()
  await page.clock.runFor(60_000)
  expect(await time.innerText()).not.toBe(first)
  await page.getByRole("button", { name: "Access token expires" }).click()
  await page.locator(".token-time", { hasText: "Expired" }).waitFor()
})

test("rows that changed are told in words, not only in colours", async () => {
  const page = await rig.open()
  await rig.fixture.act("login")
  await rig.fixture.act("login")
  await headOf(page, 14).click()
  const changes = page.locator(".row-change .change")
  expect(await changes.allInnerTexts()).toEqual(["changed", "added", "removed"])
})

test("the language is the browser's, then the one that was chosen", async () => {
  const page = await rig.open({ locale: "zh-CN" })
  const lang = () => page.locator("html").getAttribute("lang")
  await expect.poll(lang, soon).toBe("zh-CN")
  await page.getByText("在手机上点「登录」").waitFor()
  await page.getByText("模拟的 wx，不是微信").waitFor()
  await page.getByRole("button", { name: "EN", exact: true }).click()
  await page.getByText("Simulated wx, not WeChat").waitFor()
  expect(await lang()).toBe("en")
  await page.reload()
  await page.getByText("Simulated wx, not WeChat").waitFor()
})

test("a secret that the server failed to mask is not in the page", async () => {
  const page = await rig.open()
  await rig.fixture.act("login")
  await rig.fixture.act("login")
  await rows(page).nth(15).waitFor()
  await openAll(page)
  expect(await page.locator(".secret").count()).toBeGreaterThan(8)
  const content = await page.content()
  for (const secret of Object.values(wholeSecrets)) expect(content).not.toContain(secret)
})

test("new messages are announced, what was before is not", async () => {
  await rig.fixture.act("login")
  const page = await rig.open()
  await rows(page).nth(7).waitFor()
  const spoken = page.getByRole("log").locator("p")
  expect(await spoken.count()).toBe(0)
  await rig.fixture.act("orders")
  await expect.poll(() => spoken.count(), soon).toBe(2)
  expect(await spoken.first().innerText()).toBe("Step 8: Ask for the orders (Mini program to Your server)")
})

test("a broken feed is told, taken up again, and doubles nothing", async () => {
  const page = await rig.open()
  await rig.fixture.act("login")
  await rows(page).nth(7).waitFor()
  rig.fixture.dropFeeds()
  await page.locator(".link-note").waitFor()
  await page.locator('[data-link="open"]').waitFor()
  await rig.fixture.act("orders")
  await expect.poll(() => rows(page).count(), soon).toBe(10)
})

test("another person gets another phone", async () => {
  const page = await rig.open()
  await page.frameLocator(".phone iframe").getByText("你好，小丽").waitFor()
  await page.getByRole("button", { name: "Bob" }).click()
  await page.frameLocator(".phone iframe").getByText("你好，阿强").waitFor()
})
