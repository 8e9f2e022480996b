import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest"
import { type FeedReader, readFeed } from "../../apps/playground/test/server/feed-reader.ts"
import { createBench, type Running } from "../../packages/denglu/test/cli/run-cli.ts"
import { chromiumOptions, chromiumPath, whatChromiumIs } from "../../scripts/chromium.ts"
import { need } from "../../scripts/need.ts"

/** `npm start`, the page that it opens, and a person with a mouse in front of it. */
export interface Playground {
  readonly page: Page
  /** Of the login server: `http://127.0.0.1:PORT`. */
  readonly login: string
  /** Of the page and the pretend WeChat. */
  readonly url: string
  /** What is shown on the phone, by a selector. */
  on(selector: string): Locator
  /** Clicks with the mouse in the middle of what the locator finds, as soon as it is there. */
  click(target: Locator): Promise<void>
  /** Clicks on the phone. */
  tap(selector: string): Promise<void>
  /** Clicks on a fault of the page. */
  press(control: string): Promise<void>
  /** Waits until the phone shows it, and answers its text. */
  sees(selector: string): Promise<string>
  /** From the first page to being logged in, by tapping. */
  logIn(): Promise<void>
  /** Loads the phone anew, by its button on the page. */
  reloadPhone(): Promise<void>
  /** The messages since the last {@link clear}, as `STEP LINE`; those outside of the nine steps have no number. */
  messages(): Promise<readonly string[]>
  /** Resolves when there are so many. */
  untilMessages(count: number): Promise<void>
  /** Forgets the messages so far. */
  clear(): Promise<void>
  /** Logs a person in on another device. Answers the access token. */
  logInElsewhere(user: string): Promise<string>
  /** Ctrl-C, what happens meanwhile, and `npm start` again in the same folder, at the same addresses. */
  startAgain(meanwhile?: () => Promise<void>): Promise<void>
  /** The page on the computer, in another browser that nobody has used before: with cookies of its own. */
  openShop(): Promise<Page>
  /** Opens the page in a browser that nobody has used before, in place of the one that is open. */
  openPage(options?: BrowserContextOptions): Promise<void>
}

/** A login of somebody whom the server knows. WeChat may have given them a new session_key, as it does every few minutes. */
export const loginOfKnown: readonly string[] = [
  "1 wx.login()",
  "1 login:ok",
  "2 POST /login",
  "3 GET /sns/jscode2session",
  "4 200 OK",
  "5 SELECT users, identities",
  expect.stringMatching(/^6 INSERT sessions, audit(; UPDATE identities)?$/),
  "7 200 OK",
]
/** The business request that the mini program's home page makes. */
export const orders: readonly string[] = ["8 GET /orders", "8 200 OK"]

/** Starts it once for a file of tests; each test has a browser of its own, and an empty sequence. */
export function usePlayground(): Playground {
  // A browser, and a machine that runs other tests beside it.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
  const bench = createBench()
  let cwd: string
  let run: Running
  let login: string
  let url: string
  let browser: Browser
  let page: Page
  let feed: FeedReader

  async function start(port: string, simulatorPort: string): Promise<void> {
    run = bench.start(["dev", "--port", port, "--simulator-port", simulatorPort], { cwd })
    login = (await run.printed(/login server +(http:\S+)/))[1] ?? ""
    url = (await run.printed(/playground +(http:\S+)/))[1] ?? ""
    await run.printed(/Ctrl-C ends it/)
  }

  beforeAll(async () => {
    if (chromiumPath === undefined) return
    cwd = bench.folder()
    await start("0", "0")
    // Whom the server knows it finds; what is told of that is the same in each test.
    await logInElsewhere("alice")
    browser = await chromium.launch(chromiumOptions)
  })
  beforeEach(async context => {
    need(context, chromiumPath !== undefined, whatChromiumIs)
    await post(`${url}/playground/control`, { control: "person", person: "alice" })
    feed = await readFeed(`${url}/playground/feed`)
    await clear()
    await openPage()
  })
  afterEach(async () => {
    feed?.close()
    await Promise.all(browser?.contexts().map(context => context.close()) ?? [])
  })
  afterAll(async () => {
    await browser?.close()
    await bench.close()
  })

  async function openPage(options: BrowserContextOptions = {}): Promise<void> {
    await Promise.all(browser.contexts().map(context => context.close()))
    const viewport = { width: 1440, height: 900 }
    const context = await browser.newContext({ locale: "zh-CN", viewport, ...options })
    await context.addInitScript(() => localStorage.setItem("denglu-playground-slow-motion", "false"))
    page = await context.newPage()
    await page.goto(url)
    await page.locator('[data-link="open"]').waitFor()
  }

  const on = (selector: string) =>
    page.frameLocator(".phone iframe").locator(selector).filter({ visible: true })

  async function click(target: Locator): Promise<void> {
    const found = target.first()
    await found.waitFor()
    await found.scrollIntoViewIfNeeded()
    const box = await found.boundingBox()
    if (box === null) throw new Error("it can't be seen")
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  }

  async function post(address: string, body: object): Promise<Response> {
    const headers = { "content-type": "application/json" }
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${address} answered ${response.status}`)
    return response
  }
  const control = (name: string) => post(`${url}/playground/control`, { control: name })

  async function logInElsewhere(user: string): Promise<string> {
    const { code } = (await (await post(`${url}/__simulator__/code`, { user })).json()) as { code: string }
    const answer = (await (await post(`${login}/login`, { code })).json()) as { access_token: string }
    return answer.access_token
  }

  async function clear(): Promise<void> {
    const cleared = (await feed.until(() => true)).filter(({ kind }) => kind === "cleared").length
    await control("clear")
    await feed.until(events => events.filter(({ kind }) => kind === "cleared").length > cleared)
  }

  function linesOf(events: Awaited<ReturnType<FeedReader["until"]>>): string[] {
    const since = events.slice(events.findLastIndex(({ kind }) => kind === "cleared") + 1)
    return since.flatMap(event =>
      event.kind === "message" ? [`${event.message.step ?? ""} ${event.message.line}`.trim()] : [],
    )
  }

  return {
    get page() {
      return page
    },
    get login() {
      return login
    },
    get url() {
      return url
    },
    on,
    click,
    openPage,
    async openShop() {
      const context = await browser.newContext({ locale: "zh-CN" })
      const shop = await context.newPage()
      await shop.goto(`${url}/shop.html`)
      return shop
    },
    tap: selector => click(on(selector)),
    async press(name) {
      // Where three columns fit, the computer is in the place of the faults.
      const faults = page.locator('.side-switch [data-side="faults"]')
      if (await faults.isVisible()) await faults.click()
      await click(page.locator(`[data-control="${name}"]`))
    },
    async sees(selector) {
      await on(selector).first().waitFor()
      return on(selector).first().innerText()
    },
    async logIn() {
      await click(on("#open-login"))
      await click(on("#agree"))
      await click(on("#login"))
      await on("#orders").waitFor()
    },
    async reloadPhone() {
      await page.locator(".phone iframe").evaluate(frame => frame.setAttribute("data-old", ""))
      await click(page.getByRole("button", { name: "重新加载手机" }))
      await page.locator('.phone iframe:not([data-old])[data-drawn="true"]').waitFor()
    },
    async messages() {
      // Two changes of the state, the second undoing the first, come after everything that was told before.
      const states = (await feed.until(() => true)).filter(({ kind }) => kind === "state").length
      await control("slow-network")
      await control("slow-network")
      return linesOf(
        await feed.until(events => events.filter(({ kind }) => kind === "state").length >= states + 2),
      )
    },
    async untilMessages(count) {
      await feed.until(events => linesOf(events).length >= count)
    },
    clear,
    logInElsewhere,
    async startAgain(meanwhile) {
      feed.close()
      await run.end("SIGINT")
      await meanwhile?.()
      await start(new URL(login).port, new URL(url).port)
      feed = await readFeed(`${url}/playground/feed`)
      await clear()
    },
  }
}
