import { expect, test } from "vitest"
import { launchFiles, reportingApp } from "../support/launch-files.ts"

const files = reportingApp(["a"])

test("a module may give its own variables the names of globals", async () => {
  const phone = await launchFiles({
    ...files,
    "pages/a/a.js":
      "const App = getApp()\nlet global = 1, console = 2\nPage({ data: { all: [typeof App, global, console] } })\n",
  })
  expect(phone.page().data).toEqual({ all: ["object", 1, 2] })
})

test("what a module throws names its file, with line and column as they were written", async () => {
  const phone = await launchFiles({
    ...files,
    "pages/a/a.js": "Page({\n  onLoad() {\n    missing()\n  },\n})\n",
  })
  expect(String((phone.errors()[0] as Error).stack)).toContain("miniprogram:///pages/a/a.js:3:5")
})

test("a module that throws is run again when it is asked for again, one that is missing is named", async () => {
  const phone = await launchFiles({
    ...files,
    "pages/a/a.js": `
const again = () => { try { require("./flaky") } catch ({ message }) { return message } }
const gone = name => { try { require(name) } catch ({ message }) { return message } }
Page({ data: { all: [again(), again(), gone("./no" + "thing")] } })\n`,
    "pages/a/flaky.js": 'const app = getApp()\napp.n = (app.n || 0) + 1\nthrow new Error("try " + app.n)\n',
  })
  expect(phone.page().data).toEqual({
    all: ["try 1", "try 2", 'module "./nothing" is not there, which pages/a/a.js requires'],
  })
})

test("a component may have a property called dataset, as Vant's button has", async () => {
  const phone = await launchFiles({
    ...files,
    "pages/a/a.json": '{ "usingComponents": { "part": "/parts/part" } }',
    "pages/a/a.wxml": '<part id="p" dataset="{{d}}" data-x="1" />\n',
    "pages/a/a.js": "Page({ data: { d: { y: 2 } } })\n",
    "parts/part.json": '{ "component": true }',
    "parts/part.wxml": "<view>{{dataset.y}}</view>\n",
    "parts/part.js": "Component({ properties: { dataset: null } })\n",
  })
  expect(phone.text("#p")).toBe("2")
  expect(phone.errors()).toEqual([])
})
