// @vitest-environment jsdom
import { expect, test } from "vitest"
import { compileProject } from "../../src/compile/compile-project.ts"
import { render } from "./render.ts"
import { shop } from "./shop.ts"
import { compileFiles, emptyComponent, told, writeProject } from "./write-project.ts"

test("templates are drawn with what they import, include and require", async () => {
  const program = await compileProject(writeProject(shop))
  const { styleScope } = program.components["components/price-tag/price-tag"] ?? {}
  expect(render(program, "pages/home/home", { name: "shop" })).toBe(
    `<view class="row">shop</view><view>foot</view><price-tag wx-host="${styleScope}"><text class="${styleScope}--tag">1200</text></price-tag>`,
  )
})

test("the classes and the host in a component's CSS are those that glass-easel draws", async () => {
  const program = await compileFiles({
    "pages/a/a.json": '{ "usingComponents": { "c-c": "/c/c" } }',
    "pages/a/a.wxml": "<c-c/>",
    ...emptyComponent("c/c"),
    "c/c.wxml": '<view class="a"/>',
    "c/c.wxss": ":host .a { top: 0 }",
  })
  const { style, styleScope } = program.components["c/c"] ?? {}
  expect(style).toBe(`[wx-host="${styleScope}"] .${styleScope}--a { top: 0 }\n`)
  expect(render(program, "pages/a/a")).toBe(
    `<c-c wx-host="${styleScope}"><view class="${styleScope}--a"></view></c-c>`,
  )
})

test("a template without a script lets its event handlers be wrapped like one with a script", async () => {
  const { templates } = await compileFiles({ "pages/a/a.wxml": '<view bind:tap="x">{{stage}}</view>' })
  expect(templates).toContain("R.setEventListenerWrapper(Q.C)")
})

test("a list names its items, in a template without a script too", async () => {
  const list = '<view wx:for="{{list}}" wx:key="id">{{index}} {{item.name}}</view>'
  const program = await compileFiles({ "pages/a/a.wxml": list })
  const data = {
    list: [
      { id: 1, name: "tea" },
      { id: 2, name: "milk" },
    ],
  }
  expect(render(program, "pages/a/a", data)).toContain("0 tea")
  expect(render(program, "pages/a/a", data)).toContain("1 milk")
})

test("WXS has its own words: a constructor is a name, and there are getRegExp and getDate", async () => {
  const program = await compileFiles({
    "pages/a/a.wxml": `<wxs module="m">
module.exports = {
  types: [[].constructor, ''.constructor, ({}).constructor].join(),
  match: getRegExp('b+', 'g').test('abc'),
  year: getDate(2020, 1, 1).getFullYear(),
}
// the end</wxs>{{m.types}} {{m.match}} {{m.year}}`,
  })
  expect(told(program.problems)).toEqual([])
  expect(render(program, "pages/a/a")).toBe("Array,String,Object true 2020")
})

test("a template's mistakes are told with line and column from 1", async () => {
  const { problems } = await compileFiles({
    "pages/a/a.wxml": '<view>\n  <text wx:if="{{a +}}">x</text>\n  <text>\n</view>\n',
  })
  expect(told(problems)).toEqual([
    "error pages/a/a.wxml:2:21 unexpected character inside expression",
    "warning pages/a/a.wxml:3:4 missing end tag",
  ])
})

test("files that a template names and that are not there are told where they are named", async () => {
  const program = await compileFiles({
    "pages/a/a.wxml": `<!-- <import src="x"/> -->
<import src="../row.wxml"/> <include src='/foot'/>
<wxs module="m" src="./m.wxs"/>
<wxs module="n" src="n.wxs"/>
<import src="../../../up.wxml"/>
<view>{{a}}</view>`,
    "pages/a/n.wxs": 'var a = 1\nvar o = require("./o.wxs"), p = require("../../../p.wxs")',
  })
  expect(told(program.problems)).toEqual([
    "error pages/a/a.wxml:2:1 No such file: pages/row.wxml",
    "error pages/a/a.wxml:2:29 No such file: foot.wxml",
    "error pages/a/a.wxml:3:1 No such file: pages/a/m.wxs",
    `error pages/a/a.wxml:5:1 "../../../up.wxml" leaves the mini program's folder`,
    "error pages/a/n.wxs:2:17 No such file: pages/a/o.wxs",
    `error pages/a/n.wxs:2:41 "../../../p.wxs" leaves the mini program's folder`,
  ])
  expect(render(program, "pages/a/a", { a: 1 })).toBe("<view>1</view>")
})

test("a script in a template that cannot be read is told, and the other templates stay", async () => {
  const program = await compileFiles({
    "app.json": '{ "pages": ["pages/a/a", "pages/b/b"] }',
    "pages/a/a.wxml": '<view>a</view>\n<wxs module="m">var a =\n  = 1</wxs><wxs module="n">var )</wxs>',
    "pages/b/b.wxml": '<wxs src="b.wxs" module="b"/><view>b</view>',
    "pages/b/b.wxs": "module.exports = {\n  a: function {\n}",
    "pages/b/b.js": "",
  })
  expect(told(program.problems)).toEqual([
    "error pages/a/a.wxml:3:3 Unexpected token '='",
    "error pages/a/a.wxml:3:32 Unexpected token ')'",
    "error pages/b/b.wxs:2:15 Unexpected token '{'",
  ])
  expect(render(program, "pages/a/a")).toBe("<view>a</view>")
  expect(render(program, "pages/b/b")).toBe("<view>b</view>")
})

test("a page without a template is told, and empty", async () => {
  const program = await compileFiles({
    "app.json": '{\n  "pages": ["pages/a/a", "pages/b/b"]\n}',
    "pages/b/b.js": "",
  })
  expect(told(program.problems)).toEqual(["error app.json:2:26 The page pages/b/b has no pages/b/b.wxml"])
  expect(render(program, "pages/b/b")).toBe("")
})

test("a tag that stands for no component is a warning, each once and where it stands", async () => {
  const { problems } = await compileFiles({
    "app.json": '{ "pages": ["pages/a/a"], "usingComponents": { "everywhere": "/c/c" } }',
    "pages/a/a.json": '{ "usingComponents": { "mine": "/c/c" } }',
    "pages/a/a.wxml": `<view wx:if="{{ 1 <two }}" title="<three">
  <!-- <four /> --><wxs module="m">var a = 1 <five</wxs><block><mine /><everywhere /><slot /></block>
  <crad /><crad /><pan-gesture-handler /></view>`,
    ...emptyComponent("c/c"),
  })
  expect(told(problems)).toEqual([
    "warning pages/a/a.wxml:3:3 <crad> is no component: it is neither WeChat's nor in usingComponents",
    "warning pages/a/a.wxml:3:19 not simulated: <pan-gesture-handler>",
  ])
})
