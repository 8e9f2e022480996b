import { expect, test } from "vitest"
import { ask, launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

const tabs = (names: readonly string[], more: object = {}) => ({
  tabBar: { ...more, list: names.map(name => ({ pagePath: `pages/${name}/${name}`, text: `tab ${name}` })) },
})
const files = reportingApp(["a", "b", "c"], tabs(["a", "b"]))

test("a tab opens its page, and the one before is hidden, not ended", async () => {
  const phone = await launchFiles(files)
  const told = reports(phone)
  told()
  phone.tap("tab b")
  await phone.until(() => phone.page().route === "pages/b/b")
  expect(told()).toEqual(["a.onHide", "b.onLoad {}", "b.onShow", "b.onReady"])
  phone.tap("tab a")
  await phone.until(() => phone.page().route === "pages/a/a")
  expect(told()).toEqual(["b.onHide", "a.onShow"])
})

test("the page is told of the tap on its tab, also when it is open already", async () => {
  const phone = await launchFiles({
    ...files,
    ...reportingPage("pages/a/a", 'onTabItemTap(item) { tell("onTabItemTap", item) },'),
  })
  phone.tap("tab a")
  expect(reports(phone)().at(-1)).toBe('a.onTabItemTap {"index":0,"pagePath":"pages/a/a","text":"tab a"}')
})

test("switchTab ends the pages above, and shows the tab's page", async () => {
  const phone = await launchFiles(files)
  await ask(phone, "navigateTo", { url: "/pages/c/c" })
  const told = reports(phone)
  told()
  await ask(phone, "switchTab", { url: "/pages/a/a" })
  expect(told()).toEqual(["c.onUnload", "a.onShow"])
  await ask(phone, "switchTab", { url: "/pages/a/a" })
  expect(told()).toEqual([])
})

test("a tab that leads on in onLoad stays open below", async () => {
  const phone = await launchFiles({
    ...files,
    ...reportingPage("pages/a/a", 'onLoad() { wx.navigateTo({ url: "/pages/c/c" }) },'),
  })
  await phone.until(() => phone.page().route === "pages/c/c")
  await ask(phone, "switchTab", { url: "/pages/b/b" })
  const told = reports(phone)
  told()
  await ask(phone, "switchTab", { url: "/pages/a/a" })
  expect(told()).toEqual(["b.onHide", "a.onShow"])
})

test("tabs are reached by switchTab and reLaunch only, and nothing else is", async () => {
  const phone = await launchFiles(files)
  const failure = (api: string, url: string) =>
    ask(phone, api, { url }).catch(({ errMsg }: { errMsg: string }) => errMsg)
  expect(await failure("navigateTo", "/pages/b/b")).toBe("navigateTo:fail can not navigateTo a tabbar page")
  expect(await failure("redirectTo", "/pages/b/b")).toBe("redirectTo:fail can not redirectTo a tabbar page")
  expect(await failure("switchTab", "/pages/c/c")).toBe("switchTab:fail can not switch to no-tabBar page")
  const told = reports(phone)
  told()
  await ask(phone, "reLaunch", { url: "/pages/b/b?x=1" })
  expect(told()).toEqual(["a.onUnload", 'b.onLoad {"x":"1"}', "b.onShow", "b.onReady"])
})

test("the bar is there for tab pages only, and shows texts, badges and dots as it is told", async () => {
  const phone = await launchFiles(files)
  await ask(phone, "setTabBarItem", { index: 1, text: "messages" })
  await ask(phone, "setTabBarBadge", { index: 1, text: "3" })
  expect(phone.text(".stage-tabs")).toBe("tab a messages3")
  await ask(phone, "removeTabBarBadge", { index: 1 })
  await ask(phone, "showTabBarRedDot", { index: 0 })
  expect(phone.window.document.querySelectorAll(".stage-tab-badge:not([hidden])")).toHaveLength(1)
  await ask(phone, "navigateTo", { url: "/pages/c/c" })
  expect(phone.text()).not.toContain("messages")
})

test("a mini program may draw its own tab bar: each tab has one of its own", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a", "b"], tabs(["a", "b"], { custom: true })),
    ...reportingPage("pages/b/b", 'onShow() { this.getTabBar().setData({ lit: "b" }) },'),
    "custom-tab-bar/index.json": '{ "component": true }',
    "custom-tab-bar/index.wxml": `<view id="mine">lit {{lit}} <button id="to-b" bindtap="go">to b</button></view>\n`,
    "custom-tab-bar/index.js": `Component({
      data: { lit: "a" },
      methods: { go() { wx.switchTab({ url: "/pages/b/b" }) } },
    })\n`,
  })
  expect(phone.text("#mine")).toBe("lit a to b")
  phone.tap("#to-b")
  await phone.until(() => phone.page().route === "pages/b/b")
  expect(phone.text("#mine")).toBe("lit b to b")
  expect(phone.errors()).toEqual([])
})
