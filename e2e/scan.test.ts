import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { createSimulator, type ScanBy, type ScannedLaunch } from "@denglu/simulator"
import { type Launched, launch } from "@denglu/stage"
import { createLogin, type Login } from "denglu"
import { type Browser, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { webBundle } from "../scripts/bundle-web.ts"
import { chromiumOptions, chromiumPath, whatChromiumIs } from "../scripts/chromium.ts"
import { need } from "../scripts/need.ts"

/** As it is in the repository. */
const example = fileURLToPath(new URL("../examples/miniprogram", import.meta.url))
const simulator = createSimulator()

let login: Login
let server: Server
let browser: Browser | undefined
let port: number

/** The site: shows the code and its number, follows the events, and redeems. */
const site = `<!doctype html><title>shop</title><img id="code" alt=""><p id="number"></p><p id="state">starting</p>
<script type="module">
const show = (id, text) => { document.getElementById(id).textContent = text }
const { id, image, number } = await (await fetch("/scan", { method: "POST" })).json()
document.getElementById("code").src = image
show("number", number)
const events = new EventSource("/scan/" + id)
events.onmessage = async ({ data }) => {
  const { status } = JSON.parse(data)
  show("state", status)
  if (status === "waiting" || status === "opened") return
  events.close()
  if (status !== "confirmed") return
  const redeemed = await fetch("/scan/" + id + "/redeem", { method: "POST" })
  const { user, code } = await redeemed.json()
  show("state", user ? "logged in: " + user.id : code)
}
</script>`

/** The same with the browser SDK; `questions` is how often it asked what has become of the code. */
const sdkSite = `<!doctype html><title>shop</title><div id="scan"></div><p id="state">starting</p>
<script type="module">
import { createLogin } from "/sdk.js"
const login = createLogin({ timeout: 1_000 })
const show = text => { document.getElementById("state").textContent = text }
window.questions = () => performance.getEntriesByType("resource").filter(({ name }) => name.includes("?wait=")).length
login.scan(document.getElementById("scan")).done.then(({ id }) => show("logged in: " + id), error => show(error.code))
</script>`

beforeAll(async () => {
  const sdk = await webBundle("index")
  login = await createLogin({
    apps: simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-scanning",
    browserSessions: true,
    scan: { siteName: "示例商城", place: () => "广东 深圳" },
    wechat: { simulator: "http://127.0.0.1:3001", fetch: request => simulator.fetch(request) },
  })
  server = createServer((req, res) => {
    const files: Readonly<Record<string, string>> = { "/": site, "/sdk": sdkSite, "/sdk.js": sdk }
    const file = files[req.url ?? ""]
    if (file === undefined) return login.node(req, res)
    const type = file === sdk ? "text/javascript" : "text/html; charset=utf-8"
    res.writeHead(200, { "content-type": type }).end(file)
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  port = (server.address() as AddressInfo).port
  if (chromiumPath !== undefined) browser = await chromium.launch(chromiumOptions)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
  await login.close()
})

/** The site in a browser, waiting for a phone. @param host under which the browser knows this machine */
async function openSite(host = "127.0.0.1"): Promise<Page> {
  const page = await (browser as Browser).newPage()
  onTestFinished(() => page.close())
  await page.goto(`http://${host}:${port}/`)
  await page.getByText("waiting").waitFor()
  return page
}

/** What a phone that is held before the page opens. */
async function scanned(page: Page, by: ScanBy = "camera"): Promise<ScannedLaunch> {
  const source = (await page.locator("img").getAttribute("src")) ?? ""
  const launch = simulator.scanCode({ image: Buffer.from(source.split(",")[1] ?? "", "base64"), by })
  if (launch === undefined) throw new Error("the camera sees no code")
  return launch
}

/** The example on a phone of somebody who has logged in there before, opened as scanned. */
async function takePhone(user: string, { path, query, scene }: ScannedLaunch): Promise<Launched> {
  let stored: string | null = null
  const options = {
    simulator,
    user,
    language: "en",
    conditions: ["denglu-source"],
    storage: {
      load: () => stored,
      save: (text: string) => {
        stored = text
      },
    },
    // The example's server is on port 3000, which may be somebody else's here.
    fetch: ((url: string, init: RequestInit) =>
      login.fetch(new Request(url.replace("127.0.0.1:3000", `127.0.0.1:${port}`), init))) as typeof fetch,
  }
  const before = await launch(example, { ...options, url: "pages/login/login" })
  before.tap("#agree")
  before.tap("#login")
  await before.until(() => before.page().route === "pages/home/home")
  before.close()
  const phone = await launch(example, { ...options, url: `${path}?scene=${query.scene}`, scene })
  onTestFinished(() => phone.close())
  return phone
}

const state = (page: Page) => page.locator("#state").innerText()

test.for(["127.0.0.1", "localhost"])(
  "a page on http://%s is logged in by scanning, its cookie and all",
  { timeout: 60_000 },
  async (host, context) => {
    need(context, browser !== undefined, whatChromiumIs)
    const page = await openSite(host)
    const phone = await takePhone("alice", await scanned(page))
    await phone.until(() => phone.text("#scan-browser") === "Chrome on Linux")
    expect(phone.text("#scan-place")).toBe("广东 深圳")
    expect(phone.text()).toContain("示例商城")
    await page.getByText("opened").waitFor()
    phone.tap("#scan-confirm")
    phone.input("#scan-number", await page.locator("#number").innerText())
    await phone.until(() => phone.page().data.number !== "")
    phone.tap("#scan-confirm")
    await phone.until(() => phone.text("#scan-done").includes("The page is logged in"))
    await page.getByText("logged in: ").waitFor()
    const [, userId = ""] = (await state(page)).split(": ")
    const alice = simulator.state().users.find(({ name }) => name === "alice")
    const user = await login.users.get(userId)
    expect(user?.identities.map(({ openid }) => openid)).toEqual(Object.values(alice?.openids ?? {}))
    phone.tap("#scan-sessions")
    await phone.until(() => phone.text().includes("Chrome on Linux, by scanning"))
    expect(phone.errors()).toEqual([])
  },
)

test("the browser SDK logs a page in by scanning, its session in cookies, and its patience outlasts a question", {
  timeout: 60_000,
}, async context => {
  need(context, browser !== undefined, whatChromiumIs)
  const page = await (browser as Browser).newPage()
  onTestFinished(() => page.close())
  await page.goto(`http://127.0.0.1:${port}/sdk`)
  await page.locator("img[src]").waitFor()
  // Longer than a request of this page may take otherwise: the question is still the first one.
  await page.waitForTimeout(2_500)
  expect(await page.evaluate("window.questions()")).toBe(0)
  const phone = await takePhone("erin", await scanned(page))
  await phone.until(() => phone.text("#scan-request"))
  phone.input("#scan-number", await page.locator("strong").innerText())
  await phone.until(() => phone.page().data.number !== "")
  phone.tap("#scan-confirm")
  await page.getByText("logged in: ").waitFor()
  expect(await page.evaluate("fetch('/me').then(answer => answer.status)")).toBe(200)
  expect(await page.evaluate("document.cookie + JSON.stringify(localStorage)")).not.toContain("eyJ")
})

test("no, and that it wasn't me, are one tap each", { timeout: 60_000 }, async context => {
  need(context, browser !== undefined, whatChromiumIs)
  const reported: string[] = []
  login.on("scan.reported", ({ userId }) => reported.push(userId))
  for (const [tap, said] of [
    ["#scan-deny", "The page is not logged in"],
    ["#scan-report", "The page is not logged in, and the site was told"],
  ] as const) {
    const page = await openSite()
    const phone = await takePhone("bob", await scanned(page))
    await phone.until(() => phone.text("#scan-request"))
    phone.tap(tap)
    await phone.until(() => phone.text("#scan-done .notice-text") === said)
    await page.getByText("denied").waitFor()
  }
  expect(reported).toHaveLength(1)
})

test("a code that comes as a picture or a card is refused on the phone, and the server hears nothing of it", {
  timeout: 60_000,
}, async context => {
  need(context, browser !== undefined, whatChromiumIs)
  const page = await openSite()
  for (const by of ["picture", "album", "card"] as const) {
    const phone = await takePhone("carol", await scanned(page, by))
    await phone.until(() => phone.text("#scan-problem").startsWith("Scan the code on the screen"))
    expect(
      phone.calls("request").map(({ arguments: [what] }) => (what as { url: string }).url),
    ).not.toContainEqual(expect.stringContaining("/scan/"))
  }
  expect(await state(page)).toBe("waiting")
})

test("a wrong number ends the code, on the phone and on the page", { timeout: 60_000 }, async context => {
  need(context, browser !== undefined, whatChromiumIs)
  const page = await openSite()
  const phone = await takePhone("dave", await scanned(page))
  await phone.until(() => phone.text("#scan-request"))
  const right = await page.locator("#number").innerText()
  phone.input("#scan-number", right === "10" ? "11" : "10")
  await phone.until(() => phone.page().data.number !== "")
  phone.tap("#scan-confirm")
  await phone.until(() => phone.text("#scan-problem") === "That is not the number on the page")
  await page.getByText("denied").waitFor()
})
