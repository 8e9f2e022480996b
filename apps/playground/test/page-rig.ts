import { mkdtemp, rm } from "node:fs/promises"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest"
import { chromiumOptions, chromiumPath, whatChromiumIs } from "../../../scripts/chromium.ts"
import { need } from "../../../scripts/need.ts"
import { createFixture, type Fixture } from "../dev/fixture-server.ts"
import { buildPage } from "../src/server/build-page.ts"

/** What a test of the page works with: a browser, and a playground whose logins are a script. */
export interface PageRig {
  readonly fixture: Fixture
  readonly address: string
  /** A browser that nobody has used before. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  /** The page, in a browser that nobody has used before. */
  open(opening?: Opening): Promise<Page>
}

interface Opening extends BrowserContextOptions {
  /** Whether messages are drawn one after another. */
  readonly slow?: boolean
  /** Whether the faults are beside the sequence, and not the computer. Default is `true`. */
  readonly faultsBeside?: boolean
}

/** Builds the page once for a file of tests, and starts a playground for each. */
export function usePageRig(): PageRig {
  // A browser, and a machine that runs other tests beside it.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
  const root = fileURLToPath(new URL("..", import.meta.url))
  let folder: string
  let browser: Browser
  let fixture: Fixture
  let address: string

  beforeAll(async () => {
    if (chromiumPath === undefined) return
    folder = await mkdtemp(join(tmpdir(), "denglu-page-"))
    await buildPage(root, folder)
    browser = await chromium.launch(chromiumOptions)
  })
  afterAll(async () => {
    await browser?.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })
  beforeEach(async context => {
    need(context, chromiumPath !== undefined, whatChromiumIs)
    fixture = createFixture({ pace: 0, page: pathToFileURL(`${folder}/`) })
    await new Promise<void>(resolve => fixture.server.listen(0, "127.0.0.1", resolve))
    address = `http://127.0.0.1:${(fixture.server.address() as AddressInfo).port}/`
  })
  afterEach(async () => {
    await Promise.all(browser?.contexts().map(context => context.close()) ?? [])
    fixture?.server.close()
    fixture?.server.closeAllConnections()
  })

  const context = (options: BrowserContextOptions = {}) =>
    browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, ...options })
  return {
    get fixture() {
      return fixture
    },
    get address() {
      return address
    },
    context,
    async open({ slow = false, faultsBeside = true, ...options } = {}) {
      const opened = await context(options)
      await opened.addInitScript(
        chosen => {
          for (const [name, on] of Object.entries(chosen))
            localStorage.setItem(`denglu-playground-${name}`, String(on))
        },
        { "slow-motion": slow, "faults-beside": faultsBeside },
      )
      const page = await opened.newPage()
      await page.goto(address)
      await page.locator('[data-link="open"]').waitFor()
      return page
    },
  }
}

/** For `expect.poll`: its own second is short where a browser shares the machine with other tests. */
export const soon = { timeout: 10_000 }

/** The messages that are drawn. */
export function rows(page: Page) {
  return page.locator(".messages > .message")
}

/** The button that opens a message. */
export function headOf(page: Page, index: number) {
  return rows(page).nth(index).getByRole("button").first()
}

/** The state of each of the nine steps. */
export function stepStates(page: Page): Promise<(string | null)[]> {
  return page.locator(".step").evaluateAll(steps => steps.map(step => step.getAttribute("data-state")))
}
