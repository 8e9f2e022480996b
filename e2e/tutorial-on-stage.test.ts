import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { createSimulator, startSimulator } from "@denglu/simulator"
import { createStageServer, type StageServer } from "@denglu/stage"
import { createLogin, type Login } from "denglu"
import { type Browser, chromium } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { chromiumOptions, chromiumPath, whatChromiumIs } from "../scripts/chromium.ts"
import { need } from "../scripts/need.ts"

/** As it is in the repository. */
const tutorial = fileURLToPath(new URL("../examples/miniprogram-tutorial", import.meta.url))
const simulator = createSimulator()
const asked: string[] = []

let wechat: Awaited<ReturnType<typeof startSimulator>>
let login: Login
let server: Server
let stage: StageServer
let phone: Server
let browser: Browser | undefined

beforeAll(async () => {
  wechat = await startSimulator({ simulator, port: 0 })
  login = await createLogin({
    apps: simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-on-stage",
    wechat: { simulator: wechat.url },
  })
  server = createServer(login.node)
  const url = await listen(server)
  stage = createStageServer({
    root: tutorial,
    watch: false,
    backend: {
      issueCode: () => simulator.issueCode({ user: "alice" }),
      issuePhoneCode: () => simulator.issuePhoneCode({ user: "alice" }),
      checkSession: () => true,
      encryptData: data => simulator.encryptData({ user: "alice", ...(data !== undefined && { data }) }),
    },
    // Port 3000, which the tutorial names, may be somebody else's here.
    route: named => named.replace("http://127.0.0.1:3000", url),
    relay: (request, send) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`)
      return send()
    },
  })
  phone = createServer(async (req, res) => {
    if (!(await stage.handle(req, res))) res.writeHead(404).end()
  })
  await listen(phone)
  if (chromiumPath !== undefined) browser = await chromium.launch(chromiumOptions)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await stage.close()
  for (const each of [phone, server]) {
    each.closeAllConnections()
    each.close()
  }
  await login.close()
  await wechat.close()
})

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening")
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test("the tutorial's mini program, unchanged, logs in on the stage in a browser", async context => {
  need(context, browser !== undefined, whatChromiumIs)
  const page = await (browser as Browser).newPage({ viewport: { width: 375, height: 667 } })
  const { port } = phone.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/`)
  const button = page.locator("#login")
  await button.waitFor()
  const box = await button.boundingBox()
  if (box === null) throw new Error("the button can't be seen")
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  const shown = page.locator("#user-id")
  await shown.waitFor()
  const alice = simulator.state().users.find(({ name }) => name === "alice")
  const user = await login.users.get(await shown.innerText())
  expect(user?.identities.map(({ openid }) => openid)).toEqual(Object.values(alice?.openids ?? {}))
  // Once by itself in app.js, and once by the tap: it is a tutorial.
  expect(asked).toEqual(["POST /login", "POST /login", "GET /me"])
})
