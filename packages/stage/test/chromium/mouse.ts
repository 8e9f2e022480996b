import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest"
import { chromiumOptions, chromiumPath, whatChromiumIs } from "../../../../scripts/chromium.ts"
import { need } from "../../../../scripts/need.ts"

/** A stage's page in Chromium, and the phone on it. */
export interface Opened {
  readonly page: Page
  readonly phone: FrameLocator
  /** What the page and the phone wrote to the console as errors. */
  readonly errors: readonly string[]
}

/** One Chromium for the tests of a file. They are skipped where there is none. */
export function useChromium(): { open(url: string, options?: BrowserContextOptions): Promise<Opened> } {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
  let browser: Browser | undefined
  beforeAll(async () => {
    if (chromiumPath !== undefined) browser = await chromium.launch(chromiumOptions)
  })
  beforeEach(context => need(context, browser !== undefined, whatChromiumIs))
  afterEach(async () => {
    await Promise.all(browser?.contexts().map(context => context.close()) ?? [])
  })
  afterAll(async () => browser?.close())

  return {
    async open(url, options = {}) {
      const viewport = { width: 1440, height: 900 }
      const context = await (browser as Browser).newContext({ locale: "zh-CN", viewport, ...options })
      const page = await context.newPage()
      const errors: string[] = []
      page.on("pageerror", error => errors.push(String(error)))
      page.on("console", message => {
        if (message.type() === "error") errors.push(message.text())
      })
      await page.goto(url)
      return { page, phone: page.frameLocator("#phone"), errors }
    },
  }
}

/** Waits until it holds of what is read: a browser takes its time. */
export function soon<Value>(read: () => Value | Promise<Value>) {
  return expect.poll(read, { timeout: 20_000 })
}

/** Clicks with the mouse, in the middle of what is to be seen. */
export async function click(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const box = await target.boundingBox()
  if (box === null) throw new Error("it can't be seen")
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
}

/** Nothing is wider than the screen. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }))
  expect(scroll).toBeLessThanOrEqual(client)
}
