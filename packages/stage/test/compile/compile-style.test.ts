import { expect, test } from "vitest"
import { compileFiles, emptyComponent, type Files, told } from "./write-project.ts"

async function pageStyle(style: string, files: Files = {}) {
  const { components, problems } = await compileFiles({ "pages/a/a.wxss": style, ...files })
  return { style: components["pages/a/a"]?.style, problems: told(problems) }
}

async function componentStyle(style: string, json: object = {}, files: Files = {}) {
  const { components, problems } = await compileFiles({
    "pages/a/a.json": '{ "usingComponents": { "c-c": "/c/c" } }',
    ...emptyComponent("c/c", json),
    "c/c.wxss": style,
    ...files,
  })
  return { ...components["c/c"], problems: told(problems) }
}

test.each([
  ["width: 12rpx", "width: 1.6vw"],
  ["margin: -10rpx .5rpx 0 +3rpx", "margin: -1.33333vw 0.06667vw 0 0.4vw"],
  ["width: calc(100% - 7.5rpx * 2)", "width: calc(100% - 1vw * 2)"],
  ["content: '12rpx'", "content: '12rpx'"],
  ["background: url(https://a.b/12rpx.png) 75rpx", "background: url(https://a.b/12rpx.png) 10vw"],
  ["width: var(--a-12rpx)", "width: var(--a-12rpx)"],
])("rpx are parts of the screen's width: %s", async (written, expected) => {
  expect((await pageStyle(`.a { ${written} }`)).style).toBe(`.a { ${expected} }\n`)
})

test("rpx count in media queries", async () => {
  expect((await pageStyle("@media (min-width: 750rpx) { .a { width: 75rpx } }")).style).toBe(
    "@media (min-width: 100vw) { .a { width: 10vw } }\n",
  )
})

test("it is day on the phone, whatever the machine prefers", async () => {
  const { style } = await pageStyle(`@media (prefers-color-scheme: dark) { .a { color: #fff } }
@media screen and ( Prefers-Color-Scheme:light ) { .a { color: #000 } }
`)
  expect(style).toContain("@media (max-width: 0) {")
  expect(style).toContain("@media screen and (min-width: 0) {")
})

test.each([
  ["view, .a > text::after", "wx-view, .a > wx-text::after"],
  ["page .a", ".wx-page .a"],
  ["my-part #id [hidden] *", "wx-my-part #id [hidden] *"],
  ["view:nth-child(2n):not(text)", "wx-view:nth-child(2n):not(wx-text)"],
  [".w-1\\/2", ".w-1\\/2"],
])("a page's selectors reach the elements of the stage: %s", async (written, expected) => {
  expect((await pageStyle(`${written} { top: 0 }`)).style).toBe(`${expected} { top: 0 }\n`)
})

test("steps of keyframes are no selectors", async () => {
  const style = "@keyframes k { from { top: 75rpx } 50.5% { top: 0 } to { top: 1px } }"
  expect((await pageStyle(style)).style).toBe(`${style.replace("75rpx", "10vw")}\n`)
})

test("imports are put in place, each with its own rules about paths, and media kept", async () => {
  const { style, problems } = await pageStyle(
    '@import "../../base.wxss";\n@import url(/wide.wxss) (orientation: landscape);\n.a { top: 3px }',
    {
      "base.wxss": "@import 'deep/deep.wxss';\n.base { top: 1px }",
      "deep/deep.wxss": ".deep { top: 0 }",
      "wide.wxss": ".wide { top: 2px }",
    },
  )
  expect(problems).toEqual([])
  expect(style).toBe(
    ".deep { top: 0 }\n.base { top: 1px }\n@media (orientation: landscape) {\n.wide { top: 2px }\n}\n.a { top: 3px }\n",
  )
})

test("imports that go round, leave the folder or lead nowhere are told, and the rest stays", async () => {
  const { style, problems } = await pageStyle(
    '@import "./b.wxss";\n  @import "../../../out.wxss";\n@import "gone.wxss";\n@import "https://a.b/c.wxss";\n.a { top: 0 }',
    { "pages/a/b.wxss": '.b { top: 0 }\n@import "a.wxss";' },
  )
  expect(style).toBe(".b { top: 0 }\n.a { top: 0 }\n")
  expect(problems).toEqual([
    `error pages/a/a.wxss:2:3 "../../../out.wxss" leaves the mini program's folder`,
    "error pages/a/a.wxss:3:1 No such file: pages/a/gone.wxss",
    'error pages/a/a.wxss:4:1 Only files are imported, not "https://a.b/c.wxss"',
    "error pages/a/b.wxss:2:1 Imports itself: pages/a/a.wxss → pages/a/b.wxss → pages/a/a.wxss",
  ])
})

test("what is no CSS is told with its place, once, though two pages import it", async () => {
  const { components, problems } = await compileFiles({
    "app.json": '{ "pages": ["pages/a/a", "pages/b/b"] }',
    "pages/b/b.wxml": "",
    "pages/b/b.js": "",
    "pages/a/a.wxss": '@import "/bad.wxss"; .a { top: 0 }',
    "pages/b/b.wxss": '@import "/bad.wxss"; .b: { top: 0 }',
    "bad.wxss": ".x { top: 0 }\n  } .y {}",
  })
  expect(told(problems)).toEqual([
    "error bad.wxss:2:3 Unexpected }",
    "error pages/b/b.wxss:1:22 No selector: .b: (Expected a pseudo-class or pseudo-element.)",
  ])
  expect(components["pages/a/a"]?.style).toBe(".a { top: 0 }\n")
})

test("local files are found by the page, others are left alone", async () => {
  const { style, problems } = await pageStyle(
    `.a { background: url(./x%.png), url("/pages/a/x%.png?v=1") }
.b { background: url(gone.png), url(data:image/png;base64,AA==), url('//cdn.b/c.png'), url(#d) }
.c { background: url("../../../e.png") }`,
    { "pages/a/x%.png": "png" },
  )
  expect(style).toBe(`.a { background: url("file/pages/a/x%25.png"), url("file/pages/a/x%25.png?v=1") }
.b { background: url("file/pages/a/gone.png"), url(data:image/png;base64,AA==), url('//cdn.b/c.png'), url(#d) }
.c { background: url("") }
`)
  const refused = "WeChat shows no local files from WXSS: use an image tag, base64 or https for"
  expect(problems).toEqual([
    `warning pages/a/a.wxss:1:22 ${refused} pages/a/x%.png`,
    `warning pages/a/a.wxss:1:38 ${refused} pages/a/x%.png`,
    "warning pages/a/a.wxss:2:22 No such file: pages/a/gone.png",
    `error pages/a/a.wxss:3:23 "../../../e.png" leaves the mini program's folder`,
  ])
})

test("an isolated component's classes and host are its own", async () => {
  const { style, styleScope, problems } = await componentStyle(
    ":host { top: 0 }\n.a.b > .c:not(.d), :host .e { top: 0 }",
  )
  expect(styleScope).toMatch(/^[a-z][a-z0-9]{1,7}$/)
  const s = styleScope
  expect(style).toBe(
    `[wx-host="${s}"] { top: 0 }\n.${s}--a.${s}--b > .${s}--c:not(.${s}--d), [wx-host="${s}"] .${s}--e { top: 0 }\n`,
  )
  expect(problems).toEqual([])
})

test.each([
  [{}, true],
  [{ styleIsolation: "isolated" }, true],
  [{ styleIsolation: "apply-shared" }, true],
  [{ addGlobalClass: true }, true],
  [{ styleIsolation: "shared" }, false],
  [{ styleIsolation: "page-shared" }, false],
])("a component with %j has a style scope: %s", async (json, scoped) => {
  const { style, styleScope } = await componentStyle(".a { top: 0 }", json)
  expect(styleScope !== null).toBe(scoped)
  expect(style).toBe(scoped ? `.${styleScope}--a { top: 0 }\n` : ".a { top: 0 }\n")
})

test.each([
  ["Component({ options: { styleIsolation: 'shared' } })", "shared"],
  [
    'Component({ data: { a: [1, { b: 2 }] }, "options": { multipleSlots: true, "addGlobalClass": true } })',
    "apply-shared",
  ],
  ["wrap({ options: { deep: { styleIsolation: 'shared' }, addGlobalClass: false } })", undefined],
  ["Component({ data: { styleIsolation: 'shared' } }) // options: { styleIsolation: 'shared' }", undefined],
  ["Component({ options: { styleIsolation: 'other' } })", undefined],
])("styleIsolation is taken from a script's options: %s", async (script, expected) => {
  const { json } = await componentStyle("", {}, { "c/c.js": script })
  expect(json?.styleIsolation).toBe(expected)
})

test("what a component's JSON says about styles counts before its script, and no unknown word", async () => {
  const script = { "c/c.js": "Component({ options: { styleIsolation: 'shared' } })" }
  expect((await componentStyle("", { styleIsolation: "isolated" }, script)).json?.styleIsolation).toBe(
    "isolated",
  )
  const unknown = await componentStyle("", { styleIsolation: "some" })
  expect(unknown.json).not.toHaveProperty("styleIsolation")
  expect(unknown.problems).toEqual(['warning c/c.json:1:36 styleIsolation has no value "some"'])
})

test("a page keeps the app's styles, also one that is made as a component", async () => {
  const { components, appStyle } = await compileFiles({
    "app.wxss": "page { top: 75rpx }",
    "pages/a/a.json": '{ "component": true }',
    "pages/a/a.js": "Component({})",
    "pages/a/a.wxss": ".a { top: 0 }",
  })
  expect(appStyle).toBe(".wx-page { top: 10vw }\n")
  expect(components["pages/a/a"]).toMatchObject({ styleScope: null, style: ".a { top: 0 }\n" })
  expect(components["pages/a/a"]?.json).toEqual({ usingComponents: {} })
})

test("a component that styles more than classes is warned of as WeChat's tools do, once a file", async () => {
  const { problems } = await componentStyle(".a { top: 0 }\n.b, view { top: 0 }\n#c { top: 0 }")
  expect(problems).toEqual([
    `warning c/c.wxss:2:5 A component's styles are by class only, not "view": it would reach other components`,
  ])
})
