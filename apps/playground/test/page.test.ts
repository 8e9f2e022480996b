import { existsSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { build } from "vite"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { wholeSecrets } from "../dev/fixture-parts.ts"
import { createFixture, type Fixture } from "../dev/fixture-server.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
const executablePath = chromiums.find(existsSync)
const launchArguments = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

let folder: string
let browser: Browser
let fixture: Fixture
let address: string

beforeAll(async () => {
  if (executablePath === undefined && process.env.CI === undefined) return
  folder = await mkdtemp(join(tmpdir(), "denglu-page-"))
  await build({ root, logLevel: "silent", build: { outDir: folder, emptyOutDir: true } })
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: launchArguments })
})

afterAll(async () => {
  await browser?.close()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

beforeEach(async context => {
  if (browser === undefined) return context.skip("no Chromium is installed")
  fixture = createFixture({ pace: 0, page: pathToFileURL(`${folder}/`) })
  await new Promise<void>(resolve => fixture.server.listen(0, "127.0.0.1", resolve))
  address = `http://127.0.0.1:${(fixture.server.address() as AddressInfo).port}/`
})

afterEach(async () => {
  await Promise.all(browser?.contexts().map(context => context.close()) ?? [])
  fixture?.server.close()
  fixture?.server.closeAllConnections()
})

interface Opening extends BrowserContextOptions {
  /** Whether messages are drawn one after another. */
  readonly slow?: boolean
}

async function open({ slow = false, ...options }: Opening = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    ...options,
  })
  await context.addInitScript(on => localStorage.setItem("denglu-playground-slow-motion", String(on)), slow)
  const page = await context.newPage()
  await page.goto(address)
  await page.locator('[data-link="open"]').waitFor()
  return page
}

/** The state of each of the nine steps. */
function stepStates(page: Page): Promise<(string | null)[]> {
  return page.locator(".step").evaluateAll(steps => steps.map(step => step.getAttribute("data-state")))
}

function rows(page: Page) {
  return page.locator(".messages > .message")
}

async function openAll(page: Page): Promise<void> {
  for (const row of await rows(page).all()) await row.getByRole("button").first().click()
}

test("the nine steps light up as they happen", async () => {
  const page = await open()
  expect(await stepStates(page)).toEqual(Array(9).fill("todo"))
  expect(await page.getByText("tap “WeChat login”").isVisible()).toBe(true)

  await fixture.act("login")
  await rows(page).nth(7).waitFor()
  expect(await stepStates(page)).toEqual([...Array(6).fill("done"), "now", "todo", "todo"])
  await fixture.act("orders")
  await fixture.act("open-data")
  await rows(page).nth(11).waitFor()
  expect(await stepStates(page)).toEqual([...Array(8).fill("done"), "now"])
})

test("a step explains itself when it has the focus", async () => {
  const page = await open()
  await page.getByRole("button", { name: "Step 3" }).focus()
  await page.locator(".step-sentence", { hasText: "Your server trades the code" }).waitFor()
})

test("in slow motion the messages of a login are drawn one after another", async () => {
  const context = await browser.newContext({ locale: "en-GB" })
  const page = await context.newPage()
  await page.clock.install()
  await page.goto(address)
  await page.locator('[data-link="open"]').waitFor()
  await page.clock.pauseAt(Date.now() + 1_000)
  await fixture.act("login")
  await expect
    .poll(async () => {
      await page.clock.runFor(50)
      return rows(page).count()
    })
    .toBe(1)
  await page.clock.runFor(500)
  expect(await rows(page).count()).toBe(2)
  await page.clock.runFor(6 * 500)
  expect(await rows(page).count()).toBe(8)
})

test("a row opens and closes by keyboard, and a secret in it says why it is hidden", async () => {
  const page = await open()
  await fixture.act("login")
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
  const page = await open()
  const fault = page.getByRole("button", { name: "Code already used" })
  await fault.click()
  await page.getByText("The SDK gets a new code and sends that once.").waitFor()
  expect(await fault.getAttribute("aria-pressed")).toBe("true")

  await fixture.act("login")
  await page.locator('[data-control="code-used"][aria-pressed="false"]').waitFor()
  expect(await page.locator('.message[data-outcome="bad"]').count()).toBe(2)
  // The second try went well, and a step is what became of it last.
  await expect.poll(() => stepStates(page)).toEqual([...Array(6).fill("done"), "now", "todo", "todo"])
})

test("a lost response is a broken arrow", async () => {
  const page = await open()
  await page.getByRole("button", { name: "Response lost" }).click()
  await page.locator('[data-control="lost-response"][aria-pressed="true"]').waitFor()
  await fixture.act("login")
  await page.locator('.arrow[data-kind="lost"] .arrow-break').waitFor()
  expect(await page.locator(".message-end").innerText()).toBe("lost on the way")
})

test("an access token's clock runs down, by the server's time", async () => {
  const page = await open()
  await page.clock.install()
  await page.reload()
  await fixture.act("login")
  await rows(page).nth(7).getByRole("button").first().click()
  const time = page.locator(".token-time b")
  const first = await time.innerText()
  await page.clock.runFor(60_000)
  expect(await time.innerText()).not.toBe(first)
  await page.getByRole("button", { name: "Access token expires" }).click()
  await page.locator(".token-time", { hasText: "Expired" }).waitFor()
})

test("rows that changed are told in words, not only in colours", async () => {
  const page = await open()
  await fixture.act("login")
  await fixture.act("login")
  await rows(page).nth(14).getByRole("button").first().click()
  const changes = page.locator(".row-change .change")
  expect(await changes.allInnerTexts()).toEqual(["changed", "added", "removed"])
})

test("the language is the browser's, then the one that was chosen", async () => {
  const page = await open({ locale: "zh-CN" })
  const lang = () => page.locator("html").getAttribute("lang")
  await expect.poll(lang).toBe("zh-CN")
  await page.getByText("在手机上点「微信登录」").waitFor()
  await page.getByText("模拟的 wx，不是微信").waitFor()
  await page.getByRole("button", { name: "EN", exact: true }).click()
  await page.getByText("Simulated wx, not WeChat").waitFor()
  expect(await lang()).toBe("en")
  await page.reload()
  await page.getByText("Simulated wx, not WeChat").waitFor()
})

test.each(["zh-CN", "en-GB"])("nothing is wider than a screen of 390 pixels in %s", async locale => {
  const width = 390
  const page = await open({ locale, viewport: { width, height: 844 } })
  await fixture.act("login")
  await fixture.act("login")
  await rows(page).nth(15).waitFor({ state: "attached" })
  const sections = page.locator(".section-switch button")
  for (const section of [0, 2, 1]) {
    await sections.nth(section).click()
    if (section === 1) await openAll(page)
    const tooWide = await page
      .locator("body *:not(.unseen, .unseen *)")
      .evaluateAll((all, width) => all.filter(each => each.getBoundingClientRect().right > width), width)
    expect(tooWide).toEqual([])
    expect(await page.locator("html").evaluate(html => html.scrollWidth)).toBe(width)
  }
})

test("a secret that the server failed to mask is not in the page", async () => {
  const page = await open()
  await fixture.act("login")
  await fixture.act("login")
  await rows(page).nth(15).waitFor()
  await openAll(page)
  expect(await page.locator(".secret").count()).toBeGreaterThan(8)
  const content = await page.content()
  for (const secret of Object.values(wholeSecrets)) expect(content).not.toContain(secret)
})

test("new messages are announced, what was before is not", async () => {
  await fixture.act("login")
  const page = await open()
  await rows(page).nth(7).waitFor()
  const spoken = page.getByRole("log").locator("p")
  expect(await spoken.count()).toBe(0)
  await fixture.act("orders")
  await expect.poll(() => spoken.count()).toBe(2)
  expect(await spoken.first().innerText()).toBe("Step 8: Ask for the orders (Mini program to Your server)")
})

test("a broken feed is told, taken up again, and doubles nothing", async () => {
  const page = await open()
  await fixture.act("login")
  await rows(page).nth(7).waitFor()
  fixture.dropFeeds()
  await page.locator(".link-note").waitFor()
  await page.locator('[data-link="open"]').waitFor()
  await fixture.act("orders")
  await expect.poll(() => rows(page).count()).toBe(10)
})

test("another person gets another phone", async () => {
  const page = await open()
  await page.frameLocator("iframe").getByText("你好，小丽").waitFor()
  await page.getByRole("button", { name: "Bob" }).click()
  await page.frameLocator("iframe").getByText("你好，阿强").waitFor()
})
