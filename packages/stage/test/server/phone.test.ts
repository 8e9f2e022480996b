import { rmSync } from "node:fs"
import { join } from "node:path"
import { createSimulator } from "@denglu/simulator"
import { expect, test } from "vitest"
import { type Program, startStage } from "../../src/index.ts"
import { writeFiles } from "../compile/write-project.ts"
import { openStage, send, serve } from "./serve.ts"

const setting = async (url: string) =>
  JSON.parse((await send(url, "/phone/setting.json")).text) as { program: Program; owner: string }

/** The events of the page, one after the other. */
async function events(url: string): Promise<() => Promise<string>> {
  const { body } = await fetch(`${url}/phone/events`)
  const chunks = (body as ReadableStream<Uint8Array>)[Symbol.asyncIterator]()
  return async () => {
    for (;;) {
      const { value, done } = await chunks.next()
      const name = /^event: (.*)$/m.exec(new TextDecoder().decode(value))?.[1]
      if (name !== undefined || done) return name ?? "over"
    }
  }
}

test("the page with the phone, the phone and their scripts are there", async () => {
  const { url } = await openStage()
  const frame = await send(url, "/")
  expect(frame.text).toContain('<iframe id="phone"')
  expect((await send(url, "/frame.js")).headers["content-type"]).toContain("text/javascript")
  expect((await send(url, "/phone")).headers.location).toBe("/phone/")
  expect((await send(url, "/phone/")).text).toContain("phone.js")
  expect((await send(url, "/phone/phone.js")).text.length).toBeGreaterThan(100_000)
  expect((await send(url, "/phone/nothing")).status).toBe(404)
})

test("the phone gets the program, and whose phone it is", async () => {
  const { url } = await openStage({}, { user: "bob" })
  const { program, owner } = await setting(url)
  expect(owner).toBe("bob")
  expect(program.app.pages).toEqual(["pages/a/a"])
})

test("a mistake comes with its file, line and column, and is gone when it was mended", async () => {
  const { url, root } = await openStage({ "pages/a/a.wxml": "<view>\n  <text>{{ name </text>\n</view>\n" })
  const mistakes = async () => (await setting(url)).program.problems.filter(({ level }) => level === "error")
  expect((await mistakes())[0]).toMatchObject({ path: "pages/a/a.wxml", line: 2, column: 9 })
  writeFiles(root, { "pages/a/a.wxml": "<view>\n  <text>{{ name }}</text>\n</view>\n" })
  expect(await mistakes()).toEqual([])
})

test("a change reloads the phone, one in node_modules does not", async () => {
  const { url, root } = await openStage()
  const next = await events(url)
  writeFiles(root, { "node_modules/x/index.js": "1\n", "pages/a/a.js": "Page({ data: { n: 1 } })\n" })
  expect(await next()).toBe("reload")
  expect((await setting(url)).program.modules["pages/a/a.js"]).toContain("n: 1")
})

test("an app.json that went away is told, and is found again when it comes back", async () => {
  const { url, root } = await openStage()
  rmSync(join(root, "app.json"))
  const { program } = await setting(url)
  expect(program.app.pages).toEqual([])
  expect(program.problems).toContainEqual(expect.objectContaining({ level: "error", path: "app.json" }))
  writeFiles(root, { "app.json": '{ "pages": ["pages/a/a"] }' })
  expect((await setting(url)).program.problems).toEqual([])
})

test("pictures are served, sources and what is outside of the folder are not", async () => {
  const { url } = await openStage({ "images/a b.png": "picture", "secret.key": "key", ".env": "TOKEN=1" })
  const picture = await send(url, "/phone/file/images/a%20b.png")
  expect([picture.status, picture.headers["content-type"], picture.text]).toEqual([
    200,
    "image/png",
    "picture",
  ])
  for (const path of [
    "app.js",
    "secret.key",
    ".env",
    "images",
    "../x.png",
    "..%2f..%2fx.png",
    "%2fetc%2fpasswd",
    "x.png",
  ])
    expect((await send(url, `/phone/file/${path}`)).status, path).toBe(404)
})

test("codes come from the stage's own simulated WeChat, which the server asks at the same address", async () => {
  const { url, simulator } = await openStage({}, { user: "bob" })
  const [app] = simulator?.state().apps ?? []
  const code = JSON.parse((await send(url, "/phone/backend/code", { method: "POST" })).text)
  const query = new URLSearchParams({
    appid: app?.appid ?? "",
    secret: app?.secret ?? "",
    js_code: code,
    grant_type: "authorization_code",
  })
  const session = JSON.parse((await send(url, `/sns/jscode2session?${query}`)).text)
  expect(session).toMatchObject({ openid: simulator?.state().users[0]?.openids[app?.appid ?? ""] })
})

test("or from one that runs already, at its address", async () => {
  const wechat = await startStage({ root: (await openStage()).root, port: 0 })
  const { url, simulator } = await openStage({}, { wechat: wechat.url, user: "bob" })
  expect(simulator).toBeUndefined()
  for (const what of ["code", "phone-code"])
    expect((await send(url, `/phone/backend/${what}`, { method: "POST" })).text).toMatch(/^"\w{30,}"$/)
  const data = JSON.parse((await send(url, "/phone/backend/user-data", { method: "POST", body: "{}" })).text)
  expect(data).toMatchObject({ encryptedData: expect.any(String), iv: expect.any(String) })
  expect(wechat.simulator?.state().users.map(({ name }) => name)).toEqual(["bob"])
  expect((await send(url, "/sns/jscode2session")).status).toBe(404)
  await wechat.close()
  const { status, text: why } = await send(url, "/phone/backend/code", { method: "POST" })
  expect([status, why]).toEqual([502, `the simulated WeChat at ${wechat.url} does not answer`])
})

test("a session holds from the login until its session_key is another", async () => {
  const wechat = createSimulator()
  const { url } = await openStage({}, { wechat })
  const check = async () => (await send(url, "/phone/backend/check-session", { method: "POST" })).text
  expect(await check()).toBe("false")
  await send(url, "/phone/backend/code", { method: "POST" })
  expect(await check()).toBe("true")
  wechat.rotateSessionKey({ user: "alice" })
  expect(await check()).toBe("false")
})

test("a stage is not started where there is no app.json, nor on a port that is taken", async () => {
  const { root } = await openStage()
  await expect(startStage({ root: join(root, "pages"), port: 0 })).rejects.toThrow(/^No app\.json in /)
  const taken = Number(new URL(await serve((_, res) => void res.end())).port)
  await expect(startStage({ root, port: taken })).rejects.toMatchObject({ code: "EADDRINUSE" })
})
