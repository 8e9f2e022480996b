import { expect, test } from "vitest"
import { ask, launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

const tell =
  'const tell = (what, data) => wx.reportEvent("part." + what + (data === undefined ? "" : " " + JSON.stringify(data)))'
const part = (definition: string, wxml = "<view>{{label}}<slot></slot></view>") => ({
  "parts/part.json": '{ "component": true }',
  "parts/part.wxml": `${wxml}\n`,
  "parts/part.js": `${tell}\nComponent({ properties: { label: String }, ${definition} })\n`,
})
const using = (path: string, wxml: string) => ({
  [`${path}.json`]: '{ "usingComponents": { "part": "/parts/part" } }',
  [`${path}.wxml`]: `${wxml}\n`,
})

const lifetimes = `
  lifetimes: {
    created() { tell("created") },
    attached() { tell("attached", [this.data.label, getCurrentPages().map(({ route }) => route)]) },
    ready() { tell("ready") },
    detached() { tell("detached") },
  },
  pageLifetimes: { show() { tell("show") }, hide() { tell("hide") } },`

test("a component is made and attached before its page loads, and is ready before the page is", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a", "b"]),
    ...part(lifetimes),
    ...using("pages/b/b", '<part label="x" />'),
  })
  await ask(phone, "navigateTo", { url: "/pages/b/b" })
  const told = reports(phone)
  expect(told().slice(3)).toEqual([
    "part.created",
    "a.onHide",
    'part.attached ["x",["pages/a/a","pages/b/b"]]',
    "b.onLoad {}",
    "b.onShow",
    "part.show",
    "part.ready",
    "b.onReady",
  ])
  phone.hide()
  phone.show()
  await ask(phone, "navigateBack")
  expect(told()).toEqual([
    "b.onHide",
    "part.hide",
    "b.onShow",
    "part.show",
    "b.onUnload",
    "part.detached",
    "a.onShow",
  ])
})

test("a component that comes and goes with wx:if has its lifetimes", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...reportingPage("pages/a/a", "data: { on: true }, toggle() { this.setData({ on: !this.data.on }) },"),
    ...part("attached() { tell('attached') }, detached() { tell('detached') },"),
    ...using("pages/a/a", '<part wx:if="{{on}}" label="x" /><button id="t" bindtap="toggle">t</button>'),
  })
  const told = reports(phone)
  told()
  phone.tap("#t")
  phone.tap("#t")
  expect(told()).toEqual(["part.detached", "part.attached"])
})

test("properties go in, observers see them, events come out", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...reportingPage(
      "pages/a/a",
      `data: { label: "one" },
      change() { this.setData({ label: "two" }, () => tell("set", this.data.label)) },
      heard({ type, detail, currentTarget }) { tell("heard", [type, detail, currentTarget.dataset]) },`,
    ),
    ...part(
      `observers: { label(value) { tell("label", value) } },
      methods: { say() { this.triggerEvent("said", { label: this.data.label }) } },`,
      '<button id="say" bindtap="say">say {{label}}</button>',
    ),
    ...using(
      "pages/a/a",
      '<part label="{{label}}" bind:said="heard" data-n="{{1}}" /><button id="change" bindtap="change">change</button>',
    ),
  })
  phone.tap("#change")
  phone.tap("#say")
  await phone.until(() => phone.calls("reportEvent").length >= 7)
  expect(phone.text("#say")).toBe("say two")
  const told = reports(phone)()
  expect(told).toContain('part.label "two"')
  expect(told).toContain('a.set "two"')
  expect(told).toContain('a.heard ["said",{"label":"two"},{"n":1}]')
})

test("a behavior brings data, methods and lifetimes, before those of the component", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...part(
      `behaviors: [require("./shared"), "wx://form-field"],
      data: { own: 1 },
      attached() { tell("attached", [this.data.shared, this.data.own, this.twice(4)]) },`,
    ),
    "parts/shared.js": `${tell}
module.exports = Behavior({
  data: { shared: "s" },
  attached() { tell("behavior") },
  methods: { twice: n => 2 * n },
})\n`,
    ...using("pages/a/a", '<part label="x" />'),
  })
  expect(reports(phone)().slice(0, 2)).toEqual(["part.behavior", 'part.attached ["s",1,8]'])
  expect(phone.errors()).toEqual([])
})

test("a page may be a Component: its handlers are methods, and its query are properties", async () => {
  const phone = await launchFiles(
    {
      ...reportingApp(["a"]),
      "pages/a/a.wxml": '<view id="out">{{id}}</view>\n',
      "pages/a/a.js": `${tell}
Component({
  properties: { id: String },
  lifetimes: { attached() { tell("attached", this.data.id) } },
  pageLifetimes: { show() { tell("show") } },
  methods: { onLoad(options) { tell("onLoad", options) }, onShow() { tell("onShow") } },
})\n`,
    },
    { url: "pages/a/a?id=7" },
  )
  expect(reports(phone)()).toEqual([
    'part.attached "7"',
    'part.onLoad {"id":"7"}',
    "part.onShow",
    "part.show",
  ])
  expect(phone.text("#out")).toBe("7")
})

test("a component knows what draws it, and what it can't do here says so", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...part(`lifetimes: {
      created() { tell("renderer", this.renderer) },
      attached() { this.animate(".x", [], 100) },
    },`),
    ...using("pages/a/a", '<part label="x" />'),
  })
  expect(reports(phone)()[0]).toBe('part.renderer "webview"')
  expect(phone.errors().map(error => (error as Error).message)).toEqual(["not simulated: this.animate"])
})

test("a page finds its components, and asks where its elements are", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...reportingPage(
      "pages/a/a",
      `onReady() {
        tell("found", this.selectComponent("#p").data.label)
        const query = wx.createSelectorQuery()
        query.select("#p").boundingClientRect()
        query.select("#none").boundingClientRect()
        query.selectViewport().scrollOffset()
        query.exec(([part, none, view]) => tell("rects", [Object.keys(part).sort(), none, "scrollTop" in view]))
      },`,
    ),
    ...part(""),
    ...using("pages/a/a", '<part id="p" label="x" />'),
  })
  await phone.until(() => phone.calls("reportEvent").length === 4)
  const told = reports(phone)()
  expect(told).toContain('a.found "x"')
  const rect = ["bottom", "dataset", "height", "id", "left", "right", "top", "width"]
  expect(told.at(-1)).toBe(`a.rects ${JSON.stringify([rect, null, true])}`)
})
