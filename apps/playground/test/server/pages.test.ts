import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
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
async function project(build: (output: string) => Promise<void>, isBuiltAt?: Date) {
  const root = mkdtempSync(join(tmpdir(), "page-"))
  closing.push(() => rmSync(root, { recursive: true }))
  const output = join(root, "dist", "page")
  mkdirSync(join(root, "src", "page"), { recursive: true })
  writeFileSync(join(root, "src", "page", "main.tsx"), "")
  if (isBuiltAt !== undefined) {
    write(output, "old")
    utimesSync(join(output, "index.html"), isBuiltAt, isBuiltAt)
  }
  const said: string[] = []
  const page = openPage({ root, output, build: () => build(output), onProgress: text => said.push(text) })
  const server = await listen((req, res) => void page.serve("/", req, res))
  closing.push(server.close)
  const text = async () => (await fetch(server.url)).text()
  return { page, said, text }
}

function write(output: string, text: string): void {
  mkdirSync(output, { recursive: true })
  writeFileSync(join(output, "index.html"), text)
}

test("a page that is missing is built, and meanwhile a page waits for it", async () => {
  let finish = () => {}
  const { page, said, text } = await project(async output => {
    await new Promise<void>(resolve => {
      finish = resolve
    })
    write(output, "new")
  })
  expect(await text()).toContain('http-equiv="refresh"')
  finish()
  await page.settled
  expect(await text()).toBe("new")
  expect(said).toEqual(["building the page …", expect.stringMatching(/^the page is built \(\d+\.\d s\)$/)])
})

test("a page older than its sources is built anew, one younger is not", async () => {
  const old = await project(async output => write(output, "new"), new Date(1_000))
  await old.page.settled
  expect(await old.text()).toBe("new")
  const young = await project(async output => write(output, "new"), new Date(Date.now() + 60_000))
  await young.page.settled
  expect(await young.text()).toBe("old")
})

test("where building fails the old page is shown, or one that says so", async () => {
  const fail = () => Promise.reject(new Error("a bracket is missing"))
  const old = await project(fail, new Date(1_000))
  await old.page.settled
  expect(await old.text()).toBe("old")
  const none = await project(fail)
  await none.page.settled
  expect(await none.text()).toContain("could not be built")
  expect(none.said.at(-1)).toContain("a bracket is missing")
})

test("a link in the page's folder is not followed", async () => {
  const { page } = await project(async output => {
    write(output, "new")
    symlinkSync(import.meta.filename, join(output, "link"))
  })
  await page.settled
  expect(["/", "/index.html", "/link"].map(page.has)).toEqual([true, true, false])
})
