import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { compileProject } from "../../src/compile/compile-project.ts"
import { compileFiles, onePage, run, told, writeProject } from "./write-project.ts"

const page = { "pages/a/a.js": 'exports.from = require("kit").from\nexports.sub = require("kit/sub")\n' }

test("a package that 构建 npm has built is taken from miniprogram_npm, the nearest first", async () => {
  const program = await compileFiles({
    ...page,
    "pages/miniprogram_npm/kit/index.js": 'exports.from = "near"\n',
    "pages/miniprogram_npm/kit/sub.js": "",
    "miniprogram_npm/kit/index.js": 'exports.from = "far"\n',
    "node_modules/kit/package.json": "{}",
    "node_modules/kit/index.js": 'exports.from = "node_modules"\n',
  })
  expect(told(program.problems)).toEqual([])
  expect(run(program, "pages/a/a.js").from).toBe("near")
  expect(Object.keys(program.modules)).toContain("pages/miniprogram_npm/kit/index.js")
})

test("else it is taken from node_modules, above the project too: the folder that `miniprogram` names", async () => {
  const root = writeProject({
    ...Object.fromEntries(
      Object.entries({ ...onePage, ...page }).map(([path, text]) => [`app/${path}`, text]),
    ),
    "node_modules/kit/package.json": '{ "main": "index.js", "miniprogram": "built/" }',
    "node_modules/kit/index.js": 'exports.from = "main"\n',
    "node_modules/kit/built/index.js": 'exports.from = require("./inner").inner\n',
    "node_modules/kit/built/inner.js": 'exports.inner = "miniprogram"\n',
    "node_modules/kit/built/sub/index.js": "",
  })
  const program = await compileProject(join(root, "app"))
  expect(told(program.problems)).toEqual([])
  expect(run(program, "pages/a/a.js").from).toBe("miniprogram")
  expect(Object.keys(program.modules).slice(2)).toEqual([
    "miniprogram_npm/kit/index.js",
    "miniprogram_npm/kit/sub/index.js",
    "miniprogram_npm/kit/inner.js",
  ])
})

test("a condition of exports leads to a package's sources, sub-paths as well", async () => {
  const files = {
    ...page,
    "node_modules/kit/package.json": JSON.stringify({
      miniprogram: "built",
      exports: {
        ".": { "kit-source": "./src/main.ts", default: "./dist/main.js" },
        "./sub": { "kit-source": "./src/under.ts", default: "./dist/under.js" },
      },
    }),
    "node_modules/kit/src/main.ts": 'export const from: string = "source"\n',
    "node_modules/kit/src/under.ts": 'export { from } from "./main.ts"\n',
    "node_modules/kit/built/index.js": 'exports.from = "built"\n',
    "node_modules/kit/built/sub.js": "",
  }
  const program = await compileFiles(files, ["kit-source"])
  expect(told(program.problems)).toEqual([])
  expect(run(program, "pages/a/a.js")).toEqual({ from: "source", sub: { from: "source" } })
  expect(Object.keys(program.modules).slice(2)).toEqual([
    "miniprogram_npm/kit/src/main.js",
    "miniprogram_npm/kit/src/under.js",
  ])
  expect(run(await compileFiles(files), "pages/a/a.js").from).toBe("built")
})

test("a package that is not made for mini programs is taken by its main, or what exports gives everybody", async () => {
  const program = await compileFiles({
    "pages/a/a.js": 'exports.seen = [require("one").one, require("@two/two").two]\n',
    "node_modules/one/package.json": '{ "main": "lib/one" }',
    "node_modules/one/lib/one.js": 'exports.one = 1\ntry { require("node:fs") } catch {}\n',
    "node_modules/@two/two/package.json": '{ "exports": { "import": "./two.mjs", "default": "./two.cjs" } }',
    "node_modules/@two/two/two.cjs": "exports.two = 2\n",
  })
  expect(run(program, "pages/a/a.js").seen).toEqual([1, 2])
  expect(told(program.problems)).toEqual([
    'warning miniprogram_npm/one/lib/one.js:2:15 Nothing is at "node:fs", neither in miniprogram_npm nor in node_modules',
  ])
})

test("a package gets the version of another that stands in its own node_modules", async () => {
  const program = await compileFiles({
    "pages/a/a.js": 'exports.seen = [require("dep").version, require("kit").version]\n',
    "node_modules/dep/package.json": "{}",
    "node_modules/dep/index.js": "exports.version = 1\n",
    "node_modules/kit/package.json": "{}",
    "node_modules/kit/index.js": 'exports.version = require("dep").version\n',
    "node_modules/kit/node_modules/dep/package.json": "{}",
    "node_modules/kit/node_modules/dep/index.js": "exports.version = 2\n",
  })
  expect(told(program.problems)).toEqual([])
  expect(run(program, "pages/a/a.js").seen).toEqual([1, 2])
  expect(Object.keys(program.modules)).toContain("miniprogram_npm/kit/miniprogram_npm/dep/index.js")
})

test("packages behind links that need each other are found, once each", async () => {
  const root = writeProject({
    ...onePage,
    "pages/a/a.js": 'exports.seen = require("one").one\n',
    "store/one/package.json": "{}",
    "store/one/index.js": 'exports.one = 1\nexports.two = require("two").two\n',
    "store/two/package.json": "{}",
    "store/two/index.js": 'exports.two = 2\nexports.one = require("one").one\n',
  })
  for (const place of ["node_modules", "store/one/node_modules", "store/two/node_modules"])
    mkdirSync(join(root, place))
  symlinkSync(join(root, "store/one"), join(root, "node_modules/one"))
  symlinkSync(join(root, "store/two"), join(root, "store/one/node_modules/two"))
  symlinkSync(join(root, "store/one"), join(root, "store/two/node_modules/one"))
  const program = await compileProject(root)
  expect(told(program.problems)).toEqual([])
  expect(Object.keys(program.modules).slice(2)).toEqual([
    "miniprogram_npm/one/index.js",
    "miniprogram_npm/one/miniprogram_npm/two/index.js",
  ])
  expect(run(program, "pages/a/a.js").seen).toBe(1)
})

test("components come from packages, with what they import", async () => {
  const program = await compileFiles({
    "pages/a/a.json": '{ "usingComponents": { "k-button": "@k/kit/button", "k-cell": "@k/kit/cell/cell" } }',
    "node_modules/@k/kit/package.json": "{}",
    "node_modules/@k/kit/miniprogram_dist/button/index.json": '{ "component": true }',
    "node_modules/@k/kit/miniprogram_dist/button/index.wxml": '<include src="../part.wxml"/>',
    "node_modules/@k/kit/miniprogram_dist/button/index.wxss": '@import "../part.wxss";',
    "node_modules/@k/kit/miniprogram_dist/button/index.js": "",
    "node_modules/@k/kit/miniprogram_dist/cell/cell.json":
      '{ "component": true, "usingComponents": { "k-button": "../button/index" } }',
    "node_modules/@k/kit/miniprogram_dist/cell/cell.wxml": "",
    "node_modules/@k/kit/miniprogram_dist/cell/cell.js": "",
    "node_modules/@k/kit/miniprogram_dist/part.wxml": "<view>part</view>",
    "node_modules/@k/kit/miniprogram_dist/part.wxss": "view { color: red }",
  })
  expect(told(program.problems)).toEqual([])
  expect(program.components["miniprogram_npm/@k/kit/button/index"]?.style).toBe("wx-view { color: red }\n")
  expect(program.components["miniprogram_npm/@k/kit/cell/cell"]?.json.usingComponents).toEqual({
    "k-button": "miniprogram_npm/@k/kit/button/index",
  })
})
