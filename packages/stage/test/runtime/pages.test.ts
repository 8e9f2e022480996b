import { expect, test } from "vitest"
import { ask, launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

const names = ["a", "b", "c"]

test("a page loads, shows and is ready, in this order", async () => {
  const phone = await launchFiles(reportingApp(names))
  expect(reports(phone)()).toEqual(["a.onLoad {}", "a.onShow", "a.onReady"])
  expect(phone.page().route).toBe("pages/a/a")
})

test("the first page may be another one, and gets its query", async () => {
  const phone = await launchFiles(reportingApp(names), { url: "pages/b/b?id=1&name=%E4%B8%AD" })
  expect(reports(phone)()[0]).toBe('b.onLoad {"id":"1","name":"%E4%B8%AD"}')
  expect(await ask(phone, "getLaunchOptionsSync")).toMatchObject({
    path: "pages/b/b",
    query: { id: "1", name: "%E4%B8%AD" },
    scene: 1001,
  })
})

test("navigateTo hides the page below and keeps it, navigateBack ends the upper one and shows it again", async () => {
  const phone = await launchFiles(reportingApp(names))
  const told = reports(phone)
  told()
  expect(await ask(phone, "navigateTo", { url: "/pages/b/b?id=1" })).toMatchObject({
    errMsg: "navigateTo:ok",
  })
  expect(told()).toEqual(["a.onHide", 'b.onLoad {"id":"1"}', "b.onShow", "b.onReady"])
  await ask(phone, "navigateBack")
  expect(told()).toEqual(["b.onUnload", "a.onShow"])
  expect(phone.text()).toContain("page a")
})

test("navigateBack by more than there is goes to the first page", async () => {
  const phone = await launchFiles(reportingApp(names))
  await ask(phone, "navigateTo", { url: "../b/b" })
  await ask(phone, "navigateTo", { url: "../c/c" })
  const told = reports(phone)
  told()
  await ask(phone, "navigateBack", { delta: 9 })
  expect(told()).toEqual(["c.onUnload", "b.onUnload", "a.onShow"])
  await expect(ask(phone, "navigateBack")).rejects.toEqual({
    errMsg: "navigateBack:fail cannot navigate back at first page.",
  })
})

test("redirectTo takes the place of the page", async () => {
  const phone = await launchFiles(reportingApp(names))
  await ask(phone, "navigateTo", { url: "/pages/b/b" })
  const told = reports(phone)
  told()
  await ask(phone, "redirectTo", { url: "/pages/c/c" })
  expect(told()).toEqual(["b.onUnload", "c.onLoad {}", "c.onShow", "c.onReady"])
  await ask(phone, "navigateBack")
  expect(phone.page().route).toBe("pages/a/a")
})

test("reLaunch ends every page, the upper ones first", async () => {
  const phone = await launchFiles(reportingApp(names))
  await ask(phone, "navigateTo", { url: "/pages/b/b" })
  const told = reports(phone)
  told()
  await ask(phone, "reLaunch", { url: "/pages/c/c" })
  expect(told()).toEqual(["b.onUnload", "a.onUnload", "c.onLoad {}", "c.onShow", "c.onReady"])
})

test("a page that goes on in onLoad is shown first, as a phone does it", async () => {
  const files = {
    ...reportingApp(names),
    ...reportingPage(
      "pages/a/a",
      `onLoad() {
        tell("onLoad")
        wx.navigateTo({ url: "/pages/b/b" })
        tell("pages " + getCurrentPages().length)
      },`,
    ),
  }
  const phone = await launchFiles(files)
  await phone.until(() => phone.page().route === "pages/b/b")
  expect(reports(phone)()).toEqual([
    "a.onLoad",
    "a.pages 1",
    "a.onShow",
    "a.onReady",
    "a.onHide",
    "b.onLoad {}",
    "b.onShow",
    "b.onReady",
  ])
})

test("ten pages may be open, and a page that is not there does not open", async () => {
  const phone = await launchFiles(reportingApp(names))
  for (let open = 1; open < 10; open += 1) await ask(phone, "navigateTo", { url: "/pages/b/b" })
  await expect(ask(phone, "navigateTo", { url: "/pages/c/c" })).rejects.toEqual({
    errMsg: "navigateTo:fail webview count limit exceed: 10 pages are open",
  })
  await expect(ask(phone, "redirectTo", { url: "/pages/none" })).rejects.toEqual({
    errMsg: 'redirectTo:fail page "pages/none" is not found',
  })
})

test("a page whose script throws does not open, and the page before it stays", async () => {
  const phone = await launchFiles({
    ...reportingApp(names),
    "pages/b/b.js": "throw new Error('b is broken')\n",
  })
  const told = reports(phone)
  told()
  await expect(ask(phone, "navigateTo", { url: "/pages/b/b" })).rejects.toEqual({
    errMsg: "navigateTo:fail b is broken",
  })
  expect(told()).toEqual([])
  expect(phone.page().route).toBe("pages/a/a")
})

test("the stack of pages is handed out as a copy, the visible page last", async () => {
  const phone = await launchFiles({
    ...reportingApp(names),
    ...reportingPage(
      "pages/b/b",
      `onReady() {
        getCurrentPages().pop()
        tell("stack", getCurrentPages().map(page => page.route))
        tell("same", getCurrentPages()[1] === this)
      },`,
    ),
  })
  await ask(phone, "navigateTo", { url: "/pages/b/b" })
  await phone.until(() => phone.calls("reportEvent").length > 6)
  expect(reports(phone)().slice(-2)).toEqual(['b.stack ["pages/a/a","pages/b/b"]', "b.same true"])
})

test("a page and its opener talk through an event channel", async () => {
  const phone = await launchFiles({
    ...reportingApp(names),
    ...reportingPage(
      "pages/a/a",
      `go() {
        wx.navigateTo({
          url: "/pages/b/b",
          events: { chosen: data => tell("chosen", data) },
          success: ({ eventChannel }) => eventChannel.emit("asked", { for: "a colour" }),
        })
      },`,
    ),
    "pages/a/a.wxml": `<button id="go" bindtap="go">go</button>\n`,
    ...reportingPage(
      "pages/b/b",
      `onLoad() {
        const channel = this.getOpenerEventChannel()
        channel.once("asked", data => {
          tell("asked", data)
          channel.emit("chosen", "green")
        })
      },`,
    ),
  })
  phone.tap("#go")
  await phone.until(() =>
    phone.calls("reportEvent").some(({ arguments: [what] }) => /chosen/.test(`${what}`)),
  )
  const told = reports(phone)()
  expect(told).toContain('b.asked {"for":"a colour"}')
  expect(told).toContain('a.chosen "green"')
  expect(phone.errors()).toEqual([])
})

test("what a handler throws is reported, at once or later, and the page goes on", async () => {
  const phone = await launchFiles({
    ...reportingApp(names),
    ...reportingPage(
      "pages/a/a",
      `onLoad() { throw new Error("in onLoad") }, async later() { throw new Error("later") },`,
    ),
    "pages/a/a.wxml": `<button id="later" bindtap="later">later</button>\n`,
  })
  phone.tap("#later")
  await phone.until(() => phone.errors().length === 2)
  expect(phone.errors().map(error => (error as Error).message)).toEqual(["in onLoad", "later"])
  expect(reports(phone)()).toEqual(["a.onShow", "a.onReady"])
})
