import { expect, test } from "vitest"
import { ask, launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

const files = reportingApp(["a", "b"])
const app = (body: string, before = "", after = "") => ({
  "app.js": `${before}
const tell = (what, data) => wx.reportEvent("app." + what + (data === undefined ? "" : " " + JSON.stringify(data)))
App({ ${body} })
${after}\n`,
})

test("the app launches and shows before the first page loads", async () => {
  const phone = await launchFiles({
    ...files,
    ...app(`
      onLaunch({ path, query, scene }) { tell("onLaunch", { path, query, scene }) },
      onShow({ path }) { tell("onShow", path) },`),
  })
  expect(reports(phone)()).toEqual([
    'app.onLaunch {"path":"pages/a/a","query":{},"scene":1001}',
    'app.onShow "pages/a/a"',
    "a.onLoad {}",
    "a.onShow",
    "a.onReady",
  ])
})

test("getApp answers nothing before App was called, and the same object ever after", async () => {
  const phone = await launchFiles({
    ...files,
    ...app(
      "globalData: { n: 1 }",
      "const early = [getApp(), typeof getApp({ allowDefault: true })]",
      'tell("early", early)',
    ),
    ...reportingPage(
      "pages/a/a",
      'onLoad() { tell("data", getApp().globalData); getApp().globalData.n += 1 },',
    ),
    ...reportingPage("pages/b/b", 'onLoad() { tell("data", getApp().globalData) },'),
  })
  await ask(phone, "navigateTo", { url: "/pages/b/b" })
  const told = reports(phone)()
  expect(told[0]).toBe('app.early [null,"object"]')
  expect(told.filter(what => / .*n/.test(what) && /data/.test(what))).toEqual([
    'a.data {"n":1}',
    'b.data {"n":2}',
  ])
})

test("who goes away and comes back: the page hides first and shows last", async () => {
  const phone = await launchFiles({
    ...files,
    ...app(`
      onLaunch() { wx.onAppHide(() => tell("listened")) },
      onShow({ path }) { tell("onShow", path) },
      onHide() { tell("onHide") },`),
  })
  const told = reports(phone)
  told()
  phone.hide()
  phone.hide()
  expect(told()).toEqual(["a.onHide", "app.onHide", "app.listened"])
  phone.show()
  phone.show()
  expect(told()).toEqual(['app.onShow "pages/a/a"', "a.onShow"])
})

test("what pages throw is told to the app, and to wx.onError", async () => {
  const phone = await launchFiles({
    ...files,
    ...app(`
      onLaunch() { wx.onError(({ message }) => tell("listened", message.split("\\n")[0])) },
      onError(message) { tell("onError", message.split("\\n")[0]) },`),
    ...reportingPage("pages/a/a", 'onShow() { setTimeout(() => { throw new Error("in a timer") }) },'),
  })
  await phone.until(() => phone.errors().length === 1)
  expect(reports(phone)().filter(what => what.startsWith("app."))).toEqual([
    'app.listened "in a timer"',
    'app.onError "in a timer"',
  ])
})

test("an app.js that throws is reported, and the page opens all the same", async () => {
  const phone = await launchFiles({ ...files, "app.js": "throw new Error('app is broken')\n" })
  expect(phone.errors().map(error => (error as Error).message)).toEqual(["app is broken"])
  expect(phone.page().route).toBe("pages/a/a")
})

test("a first page that is not there is the app's to replace; else it is an error", async () => {
  const mending = await launchFiles(
    {
      ...files,
      ...app(
        'onPageNotFound(asked) { tell("onPageNotFound", asked); wx.redirectTo({ url: "/pages/b/b" }) },',
      ),
    },
    { url: "pages/gone/gone?x=1" },
  )
  await mending.until(() => mending.text().includes("page b"))
  expect(reports(mending)()[0]).toBe(
    'app.onPageNotFound {"path":"pages/gone/gone","query":{"x":"1"},"isEntryPage":true}',
  )
  expect(mending.errors()).toEqual([])

  const lost = await launchFiles(files, { url: "pages/gone/gone" })
  await lost.until(() => lost.errors().length > 0)
  expect(lost.errors().map(error => (error as Error).message)).toEqual([
    'page "pages/gone/gone" is not found',
  ])
})

test("modules run once, and see nothing of the page they run in", async () => {
  const phone = await launchFiles({
    ...files,
    "once.js":
      "wx.reportEvent('once')\nmodule.exports = [typeof window, typeof document, typeof fetch, typeof localStorage]\n",
    ...reportingPage(
      "pages/a/a",
      'onLoad() { tell("seen", [require("../../once"), require("/once.js"), require("../../once.js")].map(all => all.join())) },',
    ),
  })
  const told = reports(phone)()
  expect(told.filter(what => what === "once")).toHaveLength(1)
  const nothing = Array(4).fill("undefined").join()
  expect(told).toContain(`a.seen ${JSON.stringify([nothing, nothing, nothing])}`)
})
