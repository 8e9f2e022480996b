import { expect, test } from "vitest"
import { launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

const files = reportingApp(["a"])

test("a function of WXS handles an event: it moves elements, keeps a state, and calls the page", async () => {
  const phone = await launchFiles({
    ...files,
    ...reportingPage("pages/a/a", 'told(data) { tell("told", data) },'),
    "pages/a/a.wxml": `<wxs module="m" src="./m.wxs" />
<view id="box" data-n="{{1}}" bindtap="{{m.tap}}">box</view><view id="other" class="other">other</view>\n`,
    "pages/a/m.wxs": `module.exports = {
  tap: function (event, owner) {
    var state = owner.getState()
    state.taps = (state.taps || 0) + 1
    var other = owner.selectComponent(".other")
    other.setStyle({ marginTop: "4px" }).addClass("lit")
    other.setStyle({ opacity: 0.5 })
    event.instance.setStyle("color: red")
    owner.callMethod("told", {
      taps: state.taps,
      lit: [other.hasClass("lit"), other.hasClass("dim"), event.instance.hasClass("lit")],
      dataset: event.instance.getDataset(),
      none: owner.selectComponent(".none"),
      all: owner.selectAllComponents(".other").length,
      type: event.type,
    })
  },
}\n`,
  })
  phone.tap("#box")
  phone.tap("#box")
  const told = reports(phone)().slice(3)
  const said = (taps: number) =>
    `a.told ${JSON.stringify({ taps, lit: [true, false, false], dataset: { n: 1 }, none: null, all: 1, type: "tap" })}`
  expect(told).toEqual([said(1), said(2)])
  const { document } = phone.window
  expect(document.querySelector("#other")?.getAttribute("style")).toMatch(/margin-top: 4px; opacity: 0\.5/)
  expect(document.querySelector("#box")?.getAttribute("style")).toContain("color: red")
  expect(phone.errors()).toEqual([])
})

test("a function of WXS hears of a property that changes, in a component as well", async () => {
  const phone = await launchFiles({
    ...files,
    ...reportingPage("pages/a/a", "data: { n: 1 }, more() { this.setData({ n: this.data.n + 1 }) },"),
    "pages/a/a.json": '{ "usingComponents": { "part": "/parts/part" } }',
    "pages/a/a.wxml": '<part n="{{n}}" /><button id="more" bindtap="more">more</button>\n',
    "parts/part.json": '{ "component": true }',
    "parts/part.wxml": `<wxs module="m">
module.exports = {
  changed: function (now, before, owner, own) {
    own.getState().n = now
    owner.callMethod("heard", [now, before, own.getState().n])
  },
}
</wxs><view change:n="{{m.changed}}" n="{{n}}">{{n}}</view>\n`,
    "parts/part.js": `Component({
  properties: { n: Number },
  methods: { heard(what) { wx.reportEvent(JSON.stringify(what)) } },
})\n`,
  })
  phone.tap("#more")
  await phone.until(() => phone.calls("reportEvent").length === 6)
  // Made with its default first; told once all of it is there.
  expect(reports(phone)().filter(what => what.startsWith("["))).toEqual(["[0,null,0]", "[1,0,1]", "[2,1,2]"])
})
