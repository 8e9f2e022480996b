import { rmSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { compileProject, createCompiler } from "../../src/compile/compile-project.ts"
import { shop } from "./shop.ts"
import { compileFiles, emptyComponent, onePage, told, writeFiles, writeProject } from "./write-project.ts"

test("a mini program without mistakes has no problems", async () => {
  expect(told((await compileProject(writeProject(shop))).problems)).toEqual([])
})

test("app.json is read with its subpackages, its tabs, its theme's light colours and what else it says", async () => {
  const { app } = await compileProject(writeProject(shop))
  expect(app).toEqual({
    pages: ["pages/home/home", "goods/list/list"],
    entryPage: "pages/home/home",
    window: { navigationBarTitleText: "Shop", navigationBarBackgroundColor: "#ffffff" },
    tabBar: {
      color: "#7f7f7f",
      selectedColor: "#07c160",
      backgroundColor: "#ffffff",
      borderStyle: "black",
      custom: false,
      list: [
        { pagePath: "pages/home/home", text: "Home", iconPath: "images/home.png" },
        { pagePath: "goods/list/list", text: "Goods" },
      ],
    },
    appid: "wx0123456789abcdef",
    rest: {
      usingComponents: { "kit-button": "@lib/kit/button/index" },
      themeLocation: "theme.json",
      lazyCodeLoading: "requiredComponents",
    },
  })
})

test("pages and all components they reach are in it, each tag with the path it stands for", async () => {
  const { components } = await compileProject(writeProject(shop))
  expect(Object.keys(components)).toEqual([
    "pages/home/home",
    "goods/list/list",
    "miniprogram_npm/@lib/kit/button/index",
    "components/price-tag/price-tag",
  ])
  expect(components["pages/home/home"]).toMatchObject({
    module: "pages/home/home.js",
    json: {
      navigationBarTitleText: "Home",
      usingComponents: {
        "kit-button": "miniprogram_npm/@lib/kit/button/index",
        "price-tag": "components/price-tag/price-tag",
      },
    },
  })
})

test("only the scripts that are reached are in it, under .js whatever they were written in", async () => {
  const { modules } = await compileProject(writeProject({ ...shop, "miniprogram/unused.js": "" }))
  expect(Object.keys(modules).sort()).toEqual([
    "app.js",
    "components/price-tag/price-tag.js",
    "goods/data.json",
    "goods/list/list.js",
    "miniprogram_npm/@lib/kit/button/index.js",
    "miniprogram_npm/@lib/kit/index.js",
    "miniprogram_npm/@lib/kit/inner.js",
    "name.js",
    "pages/home/home.js",
  ])
})

test("the page of entryPagePath opens first", async () => {
  const { app } = await compileFiles({
    "app.json": '{ "pages": ["pages/a/a", "pages/b/b"], "entryPagePath": "pages/b/b" }',
    "pages/b/b.wxml": "",
    "pages/b/b.js": "",
  })
  expect(app.entryPage).toBe("pages/b/b")
})

test("a folder without app.json is refused, with what to do", async () => {
  await expect(compileProject(writeProject({ "readme.md": "" }))).rejects.toThrow(
    /No app\.json in .*\. Name the folder that app\.json is in, or one with a project\.config\.json whose miniprogramRoot leads there\./,
  )
})

test("mistakes in app.json are told where they are", async () => {
  const { app, problems } = await compileFiles({
    "app.json": `{
  "pages": ["pages/a/a", "pages/gone/gone", "../out/out"],
  "entryPagePath": "pages/b/b",
  "usingComponents": { "x-y": "components/none", "z-z": "../up/up" },
  "tabBar": { "list": [{ "pagePath": "pages/b/b" }] }
}`,
  })
  expect(app.pages).toEqual(["pages/a/a", "pages/gone/gone"])
  expect(told(problems)).toEqual([
    "error app.json:2:26 The page pages/gone/gone has no pages/gone/gone.wxml",
    "error app.json:2:26 The page pages/gone/gone has no pages/gone/gone.js",
    `error app.json:2:45 The page "../out/out" leaves the mini program's folder`,
    'error app.json:3:20 entryPagePath is no page of app.json: "pages/b/b"',
    'error app.json:4:31 No component: Nothing is at "components/none", neither in miniprogram_npm nor in node_modules',
    `error app.json:4:57 No component: "../up/up" leaves the mini program's folder`,
    "error app.json:5:23 tabBar has 2 to 5 tabs, not 1",
    "error app.json:5:38 A tab's pagePath is one of the pages of app.json",
  ])
})

test("JSON that is none is told where it stops to be", async () => {
  expect(told((await compileFiles({ "app.json": '{\n  "pages": [pages/a/a]\n}' })).problems)).toEqual([
    "error app.json:2:13 Unexpected p in JSON",
  ])
  expect(told((await compileFiles({ "pages/a/a.json": '{ "usingComponents": {\n' })).problems)).toEqual([
    "error pages/a/a.json:2:1 The JSON ends too early",
  ])
  expect(told((await compileFiles({ "pages/a/a.json": "[]" })).problems)).toEqual([
    "error pages/a/a.json:1:1 Its JSON must be an object: { … }",
  ])
})

test("a component that is missing is told at the tag that names it, and left out", async () => {
  const { components, problems } = await compileFiles({
    "pages/a/a.json": `{
  "usingComponents": {
    "is-there": "./there",
    "is-not": "./not",
    "of-plugin": "plugin://hello/world"
  }
}`,
    ...emptyComponent("pages/a/there"),
  })
  expect(components["pages/a/a"]?.json.usingComponents).toEqual({ "is-there": "pages/a/there" })
  expect(told(problems)).toEqual([
    'error pages/a/a.json:4:15 No component: Nothing is at "./not"',
    'warning pages/a/a.json:5:18 Components of plugins are not simulated: "plugin://hello/world"',
  ])
})

test("a component is found by its folder, and by the default of a generic", async () => {
  const { components, problems } = await compileFiles({
    "pages/a/a.json": '{ "usingComponents": { "a-list": "/list" } }',
    ...emptyComponent("list/index", { componentGenerics: { row: { default: "../row" }, head: true } }),
    ...emptyComponent("row"),
  })
  expect(components["list/index"]?.json.componentGenerics).toEqual({ row: { default: "row" }, head: true })
  expect(Object.keys(components)).toEqual(["pages/a/a", "list/index", "row"])
  expect(told(problems)).toEqual([])
})

test("a link that leads out of the folder is not followed", async () => {
  const outside = writeProject({ "secret.json": '{ "secret": 1 }' })
  const root = writeProject({ ...onePage, "pages/a/a.js": 'require("../../linked.json")' })
  const { symlinkSync } = await import("node:fs")
  symlinkSync(join(outside, "secret.json"), join(root, "linked.json"))
  const program = await compileProject(root)
  expect(JSON.stringify(program)).not.toContain("secret")
  expect(told(program.problems)).toEqual(['error pages/a/a.js:1:9 Nothing is at "../../linked.json"'])
})

test("compiling again answers the same program until a file changes, appears or goes", async () => {
  const root = writeProject(onePage)
  const compiler = createCompiler(root)
  const first = await compiler.compile()
  expect(await compiler.compile()).toBe(first)

  writeFiles(root, { "pages/a/a.wxss": ".a { width: 75rpx }" })
  const styled = await compiler.compile()
  expect(styled.components["pages/a/a"]?.style).toBe(".a { width: 10vw }\n")

  writeFiles(root, { "pages/a/a.js": 'require("./b")' })
  expect(told((await compiler.compile()).problems)).toEqual(['error pages/a/a.js:1:9 Nothing is at "./b"'])
  writeFiles(root, { "pages/a/b.ts": "export {}" })
  expect(told((await compiler.compile()).problems)).toEqual([])

  rmSync(join(root, "pages/a/a.wxml"))
  expect(told((await compiler.compile()).problems)).toEqual([
    "error app.json:1:13 The page pages/a/a has no pages/a/a.wxml",
  ])
})

test("what is compiled again is what a compiler that never saw it before makes", async () => {
  const root = writeProject(shop)
  const compiler = createCompiler(root)
  await compiler.compile()
  writeFiles(join(root, "miniprogram"), {
    "name.ts": 'export const name = "store"\n',
    "styles/base.wxss": ".row { padding: 30rpx }\n",
    "templates/foot.wxml": "<view>feet</view>\n",
    "digits.wxs": "module.exports = { cents: function () { return 1 } }\n",
    "components/price-tag/price-tag.json": '{ "component": true, "styleIsolation": "shared" }',
  })
  expect(await compiler.compile()).toEqual(await compileProject(root))
})

test("a file of the mini program is found for the page, one outside is not", () => {
  const root = writeProject(shop)
  const compiler = createCompiler(root)
  expect(compiler.file("/images/home.png")).toBe(join(root, "miniprogram", "images", "home.png"))
  expect(compiler.file("images")).toBeNull()
  expect(compiler.file("../project.config.json")).toBeNull()
})

test.each([
  ["app.json", "[".repeat(50_000)],
  ["pages/a/a.json", `{ "usingComponents": ${'{ "a": '.repeat(50_000)}`],
  ["pages/a/a.js", "(".repeat(50_000)],
  ["pages/a/a.wxml", "<view>".repeat(50_000)],
  ["pages/a/a.wxss", ".a { ".repeat(50_000)],
  ["pages/a/a.wxs", "[".repeat(50_000)],
])(
  "%s that is nested beyond all measure is a problem, and the next compilation is as ever",
  async (path, text) => {
    const root = writeProject({
      ...onePage,
      "pages/a/a.wxml": '<wxs src="a.wxs" module="m"/>',
      "pages/a/a.wxs": "",
    })
    const compiler = createCompiler(root)
    const before = await compiler.compile()
    const was = {
      "pages/a/a.wxml": '<wxs src="a.wxs" module="m"/>',
      "pages/a/a.wxs": "",
      "pages/a/a.json": "{}",
      "pages/a/a.wxss": "",
    }
    writeFiles(root, { [path]: text })
    const { problems } = await compiler.compile()
    expect(problems.map(problem => problem.path)).toContain(path)
    writeFiles(root, { ...onePage, ...was })
    expect(await compiler.compile()).toEqual({
      ...before,
      components: { "pages/a/a": { ...before.components["pages/a/a"], style: "" } },
    })
  },
)
