import { expect, test } from "vitest"
import { compileFiles, run, told } from "./write-project.ts"

test("TypeScript and modules become CommonJS that knows each other by path from the root", async () => {
  const program = await compileFiles({
    "pages/a/a.js": "",
    "pages/a/a.ts": `import type { Gone } from "./types-only"
import plus, { one } from "../../lib"
import * as tables from "/data.json"
export const two: number = plus(one, 1)
export const title = tables.title
export const gone: Gone | undefined = undefined
`,
    "lib/index.ts":
      'export default (a: number, b: number): number => a + b\nexport { one } from "./numbers.js"\n',
    "lib/numbers.ts": "export const one = 1\n",
    "data.json": '{ "title": "hello" /* said */ }',
  })
  expect(told(program.problems)).toEqual([])
  expect(Object.keys(program.modules)).toEqual([
    "app.js",
    "pages/a/a.js",
    "lib/index.js",
    "data.json",
    "lib/numbers.js",
  ])
  expect(run(program, "pages/a/a.js")).toMatchObject({ two: 2, title: "hello" })
})

test("CommonJS stays as it was written, but for the paths it requires", async () => {
  const { modules } = await compileFiles({
    "pages/a/a.js": `const b = require('./b'), c = require("../../c.js") // require("./d")
var text = "require('./e')", regexp = /require('f')/
this.require("./g")
require.async('../a/b.js').then(Page)
`,
    "pages/a/b.js": "",
    "c/index.js": "",
    "c.js": "",
  })
  expect(
    modules["pages/a/a.js"],
  ).toBe(`const b = require("/pages/a/b.js"), c = require("/c.js") // require("./d")
var text = "require('./e')", regexp = /require('f')/
this.require("./g")
require.async("/pages/a/b.js").then(Page)
`)
  expect(Object.keys(modules)).toEqual(["app.js", "pages/a/a.js", "pages/a/b.js", "c.js"])
})

test("a path without a dot in front is one beside the file", async () => {
  const program = await compileFiles({ "app.js": 'require("lib/x")', "lib/x.js": "" })
  expect(told(program.problems)).toEqual([])
  expect(program.modules["app.js"]).toBe('require("/lib/x.js")')
})

test("resolveAlias of app.json counts for scripts and components", async () => {
  const program = await compileFiles({
    "app.json": '{ "pages": ["pages/a/a"], "resolveAlias": { "@/*": "/src/*" } }',
    "pages/a/a.js": 'require("@/x")',
    "pages/a/a.json": '{ "usingComponents": { "x-x": "@/part" } }',
    "src/x.js": "",
    "src/part.json": '{ "component": true }',
    "src/part.wxml": "",
    "src/part.js": "",
  })
  expect(told(program.problems)).toEqual([])
  expect(program.modules["pages/a/a.js"]).toBe('require("/src/x.js")')
})

test("a script that cannot be read is told with its place, and throws when it is required", async () => {
  const program = await compileFiles({
    "pages/a/a.js": 'import { b } from "./b"\nimport "./c"\nimport "./d.json"\nlet b\n',
    "pages/a/b.ts": "export const b: number = = 1\n",
    "pages/a/c.js": "const one = 1\n  const one = 2\n",
    "pages/a/d.json": '{ "a": 1, b }',
  })
  expect(told(program.problems)).toEqual([
    "error pages/a/b.ts:1:26 Unexpected token",
    "error pages/a/c.js:2:9 Identifier 'one' has already been declared",
    "error pages/a/d.json:1:11 Unexpected b in JSON",
  ])
  expect(() => run(program, "pages/a/c.js")).toThrow(
    new SyntaxError("Identifier 'one' has already been declared (pages/a/c.js:2:9)"),
  )
})

test("what the engine refuses is told by its line where the columns are not the developer's", async () => {
  const { problems } = await compileFiles({
    "pages/a/a.ts": "export const a = 1\nexport const b = await a\nawait b\n",
  })
  expect(told(problems)).toEqual([
    "error pages/a/a.ts:2 await is only valid in async functions and the top level bodies of modules",
  ])
})

test("a module that is missing is told where it is asked for", async () => {
  const { problems } = await compileFiles({
    "pages/a/a.ts": `import {
  one,
} from "./one"
const two = require('nowhere/two')
  export * from "../../../three"
console.log(one, two)
`,
  })
  expect(told(problems)).toEqual([
    'error pages/a/a.ts:3:8 Nothing is at "./one"',
    'error pages/a/a.ts:4:21 Nothing is at "nowhere/two", neither in miniprogram_npm nor in node_modules',
    `error pages/a/a.ts:5:17 "../../../three" leaves the mini program's folder`,
  ])
})

test("a bundle that brings its own require along is let be", async () => {
  const bundle =
    '(function (modules) { modules[0](n => n) })([function (require, module) { require("./own") }])\n'
  const { modules, problems } = await compileFiles({ "pages/a/a.js": bundle })
  expect(told(problems)).toEqual([])
  expect(modules["pages/a/a.js"]).toBe(bundle)
})
