import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import type { Text } from "../../src/protocol.ts"
import { builtPage } from "../../src/server/built-page.ts"
import { openPage } from "../../src/server/page.ts"
import { listen } from "./login-server.ts"
import { openRig } from "./playground-rig.ts"

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

test("the page and its files are answered with their types; hashed ones are kept", async () => {
  const rig = await openRig()
  const index = await rig.get("/")
  expect(index).toMatchObject({ status: 200, body: expect.stringContaining("the page") })
  expect(index.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  })
  const script = await rig.get("/assets/index-B1x9_abc.js")
  expect(script.headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": expect.stringContaining("immutable"),
  })
})

test("the phone is the stage's, and everything else is WeChat's", async () => {
  const rig = await openRig()
  expect(await rig.get("/phone/")).toMatchObject({ status: 200, body: "the phone" })
  const wechat = await rig.get("/sns/jscode2session")
  expect(JSON.parse(wechat.body)).toMatchObject({ errcode: 41002 })
  expect((await rig.get("/__simulator__/state")).status).toBe(200)
  expect((await rig.get("/nothing")).status).toBe(404)
})

test("what the example does on the real stage is told", async () => {
  const rig = await openRig({ realStage: true })
  const setting = JSON.parse((await rig.get("/phone/setting.json")).body)
  expect(setting).toMatchObject({ owner: "alice", program: { problems: [] } })
  const asked = await fetch(`${rig.url}/phone/backend/code`, { method: "POST", body: "{}" })
  const relayed = await fetch(`${rig.url}/phone/relay`, {
    method: "POST",
    headers: {
      "x-relay-method": "POST",
      "x-relay-url": `${rig.server.url}/login`,
      "x-relay-headers": encodeURIComponent('{"content-type":"application/json"}'),
    },
    body: JSON.stringify({ code: await asked.json() }),
  })
  expect(relayed.headers.get("x-relay-status")).toBe("200")
  expect((await rig.messages()).map(({ step }) => step)).toEqual([1, 1, 2, 3, 4, 5, 6, 7])
})

test("no path leads out of the page's folder", async () => {
  const rig = await openRig()
  const paths = [
    "/../login.db",
    "/..%2flogin.db",
    "/%2e%2e/login.db",
    "/assets/..%5c..%5clogin.db",
    "//../login.db",
  ]
  for (const path of [...paths, "/assets/../../login.db", "/assets/%00", "http://[bad"]) {
    const { status, body } = await rig.get(path)
    expect(status, path).toBeGreaterThanOrEqual(400)
    expect(body, path).not.toContain("SQLite format")
  }
})

/** A page's project in a folder of its own. */
function project() {
  const root = mkdtempSync(join(tmpdir(), "page-"))
  closing.push(() => rmSync(root, { recursive: true }))
  const shelf = join(root, "dist", "page")
  const edit = (text: string) => writeFileSync(join(root, "src", "page", "main.tsx"), text)
  mkdirSync(join(root, "src", "page"), { recursive: true })
  edit("first")
  const said: string[] = []

  /** Opens it as a start does. */
  async function open(build: (folder: string) => unknown) {
    const onProgress = ({ en }: Text) => said.push(en)
    const page = openPage(
      builtPage({ root, shelf, build: async (_, folder) => void (await build(folder)), onProgress }),
    )
    const server = await listen((req, res) => void page.serve("/", req, res))
    closing.push(server.close)
    const text = async () => (await fetch(server.url)).text()
    return { page, text }
  }
  return { open, edit, said, shelf }
}

function write(folder: string, text: string): void {
  writeFileSync(join(folder, "index.html"), text)
}

test("a page that is missing is built, and meanwhile a page waits for it", async () => {
  const { open, said } = project()
  let finish = () => {}
  const finished = new Promise<void>(resolve => {
    finish = resolve
  })
  const { page, text } = await open(async folder => {
    await finished
    write(folder, "new")
  })
  expect(await text()).toContain('http-equiv="refresh"')
  finish()
  await page.settled
  expect(await text()).toBe("new")
  expect(said).toEqual([
    expect.stringMatching(/^building .* once …$/),
    expect.stringMatching(/^the page is built \(\d+\.\d s\)$/),
  ])
})

test("a page is built again when its sources changed, and only then", async () => {
  const { open, edit, said, shelf } = project()
  await (await open(folder => write(folder, "first"))).page.settled
  const again = await open(() => expect.unreachable("it is built already"))
  expect(await again.page.settled.then(again.text)).toBe("first")
  edit("second")
  const changed = await open(folder => write(folder, "second"))
  expect(await changed.page.settled.then(changed.text)).toBe("second")
  expect(readdirSync(shelf)).toHaveLength(1)
  expect(said).toHaveLength(4)
})

test("two that start at once have each a whole page", async () => {
  const { open, shelf } = project()
  const both = await Promise.all([
    open(folder => write(folder, "whole")),
    open(folder => write(folder, "whole")),
  ])
  await Promise.all(both.map(({ page }) => page.settled))
  expect(await Promise.all(both.map(({ text }) => text()))).toEqual(["whole", "whole"])
  expect(readdirSync(shelf)).toHaveLength(1)
})

test("where building fails the old page is shown, or one that says so", async () => {
  const { open, edit, said } = project()
  const fail = () => Promise.reject(new Error("a bracket is missing"))
  const none = await open(fail)
  expect(await none.page.settled.then(none.text)).toContain("could not be built")
  expect(said.at(-1)).toContain("a bracket is missing")
  await (await open(folder => write(folder, "old"))).page.settled
  edit("with a mistake")
  const old = await open(fail)
  expect(await old.page.settled.then(old.text)).toBe("old")
})

test("a link in the page's folder is not followed", async () => {
  const { open } = project()
  const { page } = await open(folder => {
    write(folder, "new")
    symlinkSync(import.meta.filename, join(folder, "link"))
  })
  await page.settled
  expect(["/", "/index.html", "/link"].map(page.has)).toEqual([true, true, false])
})
