import { text } from "node:stream/consumers"
import { expect, onTestFinished, test } from "vitest"
import { startEchoSocketServer } from "../../../simulator/test/wx/echo-socket-server.ts"
import type { Files } from "../compile/write-project.ts"
import { openStage, serve } from "../server/serve.ts"
import { click, soon, useChromium } from "./mouse.ts"

const chromium = useChromium()

const shop: Files = {
  "app.json": JSON.stringify({
    pages: ["pages/home/home", "pages/me/me", "pages/detail/detail"],
    window: { navigationBarTitleText: "Shop" },
    tabBar: {
      list: [
        { pagePath: "pages/home/home", text: "Home" },
        { pagePath: "pages/me/me", text: "Me" },
      ],
    },
  }),
  "app.js": "App({})\n",
  "pages/home/home.wxml": `
<view class="box" id="box" hover-class="pressed">750rpx</view>
<input id="name" bindinput="typed" placeholder="name" />
<view id="hello">hello {{name}}</view>
<button id="login" bindtap="login" type="primary">log in</button>
<view id="state">{{state}}</view>
<button id="phone" open-type="getPhoneNumber" bindgetphonenumber="phone">phone</button>
<button id="ask" bindtap="ask">ask</button>
<navigator id="go" url="/pages/detail/detail?id=7">detail</navigator>
`,
  "pages/home/home.wxss": ".box { width: 750rpx; height: 20rpx; }\n",
  "pages/home/home.js": `Page({
  data: { name: "", state: "out" },
  typed({ detail }) { this.setData({ name: detail.value }) },
  login() {
    wx.login({
      success: ({ code }) => wx.request({
        url: "SERVER/login",
        method: "POST",
        header: { Authorization: "Bearer abc" },
        data: { code },
        success: ({ data, statusCode, cookies }) =>
          this.setData({ state: [statusCode, data.method, data.auth, data.codeLength, cookies.join()].join(" ") }),
        fail: ({ errMsg }) => this.setData({ state: errMsg }),
      }),
    })
  },
  phone({ detail }) { this.setData({ state: detail.errMsg + " " + typeof detail.code }) },
  ask() { wx.showModal({ title: "Sure?", success: ({ confirm }) => this.setData({ state: String(confirm) }) }) },
})\n`,
  "pages/me/me.wxml": '<view id="me">me {{stored}}</view>\n',
  "pages/me/me.js": `Page({
  data: { stored: "" },
  onShow() {
    wx.setStorageSync("times", (wx.getStorageSync("times") || 0) + 1)
    this.setData({ stored: wx.getStorageSync("times") })
  },
})\n`,
  "pages/detail/detail.wxml": '<view id="detail">detail {{id}}</view>\n',
  "pages/detail/detail.js": "Page({ onLoad({ id }) { this.setData({ id }) } })\n",
}

test("somebody logs in with the mouse: the request goes by way of the relay, with headers and cookies", async () => {
  const server = await serve(async (req, res) => {
    const { code } = JSON.parse(await text(req))
    res.writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] })
    res.end(JSON.stringify({ method: req.method, auth: req.headers.authorization, codeLength: code.length }))
  })
  const { url } = await openStage({
    ...shop,
    "pages/home/home.js": String(shop["pages/home/home.js"]).replace("SERVER", server),
  })
  const { page, phone, errors } = await chromium.open(url)
  await click(page, phone.locator("#login"))
  await soon(() => phone.locator("#state").innerText()).toBe("201 POST Bearer abc 32 a=1,b=2")
  await soon(() => page.locator("#calls").innerText()).toMatch(/wx\.login.*wx\.request/s)
  expect(errors).toEqual([])
})

test("somebody types, opens a page, goes back, and changes the tab", async () => {
  const { url } = await openStage(shop)
  const { page, phone, errors } = await chromium.open(url)
  await click(page, phone.locator("#name"))
  await page.keyboard.type("Alice")
  await soon(() => phone.locator("#hello").innerText()).toBe("hello Alice")
  expect((await phone.locator("#box").boundingBox())?.width).toBeCloseTo(375, 0)

  await click(page, phone.locator("#go"))
  await soon(() => phone.locator("#detail").innerText()).toBe("detail 7")
  await soon(() => page.locator("#page").innerText()).toBe("pages/home/home › pages/detail/detail")
  await click(page, phone.locator(".stage-nav-back"))
  await soon(() => phone.locator("#hello").innerText()).toBe("hello Alice")

  await click(page, phone.locator(".stage-tab").nth(1))
  await soon(() => phone.locator("#me").innerText()).toBe("me 1")
  expect(errors).toEqual([])
})

test("dialogs and sheets are answered with the mouse", async () => {
  const { url } = await openStage(shop)
  const { page, phone } = await chromium.open(url)
  await click(page, phone.locator("#phone"))
  await click(page, phone.locator("button", { hasText: "允许" }))
  await soon(() => phone.locator("#state").innerText()).toBe("getPhoneNumber:ok string")
  await click(page, phone.locator("#ask"))
  await page.keyboard.press("Escape")
  await soon(() => phone.locator("#state").innerText()).toBe("false")
})

test("a mini program that checks privacy is asked for consent at every start", async () => {
  const config = { ...JSON.parse(String(shop["app.json"])), __usePrivacyCheck__: true }
  const { url } = await openStage({ ...shop, "app.json": JSON.stringify(config) })
  const { page, phone } = await chromium.open(url)
  await click(page, phone.locator("#phone"))
  await click(page, phone.locator(".stage-sheet-item", { hasText: "同意" }))
  await click(page, phone.locator("button", { hasText: "允许" }))
  await soon(() => phone.locator("#state").innerText()).toBe("getPhoneNumber:ok string")
})

test("a restart keeps what was stored, clearing takes it away, and any page may be opened first", async () => {
  const { url } = await openStage(shop)
  const { page, phone } = await chromium.open(url)
  await phone.locator("#login").waitFor()
  await page.locator("#pages").selectOption("pages/me/me")
  await soon(() => phone.locator("#me").innerText()).toBe("me 1")
  await click(page, page.locator("#restart"))
  await soon(() => phone.locator("#me").innerText()).toBe("me 2")
  await click(page, page.locator("#clear"))
  await soon(() => phone.locator("#me").innerText()).toBe("me 1")
})

test("a socket goes by way of the relay, with the header of the mini program", async () => {
  const echo = await startEchoSocketServer()
  onTestFinished(() => echo.close())
  const { url } = await openStage({
    ...shop,
    "pages/home/home.js": `Page({
      login() {
        const task = wx.connectSocket({ url: "${echo.url}chat", header: { Authorization: "Bearer abc" }, protocols: ["chat"] })
        task.onOpen(() => task.send({ data: "hello" }))
        task.onMessage(({ data }) => this.setData({ state: "heard " + data }))
      },
    })\n`,
  })
  const { page, phone } = await chromium.open(url)
  await click(page, phone.locator("#login"))
  await soon(() => phone.locator("#state").innerText()).toBe("heard hello")
  expect(echo.asked[0]?.headers).toMatchObject({ authorization: "Bearer abc" })
})

test("what the mini program asks of another machine fails with the way to allow it", async () => {
  const { url } = await openStage({
    ...shop,
    "pages/home/home.js": String(shop["pages/home/home.js"]).replace("SERVER", "https://api.example.com"),
  })
  const { page, phone } = await chromium.open(url)
  await click(page, phone.locator("#login"))
  await soon(() => phone.locator("#state").innerText()).toContain(
    "start the stage with --allow https://api.example.com",
  )
  await soon(() => page.locator("#problems").innerText()).toContain("POST https://api.example.com/login: ")
})

test("another site that frames the phone sees nothing of it", async () => {
  const { url } = await openStage(shop)
  const evil = await serve((_, res) => {
    res.setHeader("content-type", "text/html").end(`<iframe id="phone" src="${url}/phone/"></iframe>`)
  })
  const { page, errors } = await chromium.open(evil.replace("127.0.0.1", "localhost"))
  await soon(() => errors.join()).toContain("frame-ancestors")
  const frame = page.frames().find(one => one.url().includes("/phone/"))
  expect(
    await frame
      ?.locator("#login")
      .count()
      .catch(() => 0),
  ).toBeFalsy()
})
