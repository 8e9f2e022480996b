import { fileURLToPath } from "node:url"
import { createContext, runInContext } from "node:vm"
import { build } from "esbuild"
import { beforeAll, describe, expect, test } from "vitest"

const source = fileURLToPath(new URL("../../src/wx/index.ts", import.meta.url))
let bundle = ""

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "pretend",
    platform: "browser",
    target: "es2022",
  })
  bundle = outputFiles[0]?.text ?? ""
})

/** Runs a script beside the bundle, with what browsers have and Node's own left out; answers what it resolves to, by way of JSON. */
async function inPage(script: string, more: object = {}): Promise<unknown> {
  const page = createContext({
    setTimeout,
    clearTimeout,
    queueMicrotask,
    TextEncoder,
    TextDecoder,
    URL,
    Headers,
    AbortController,
    btoa,
    atob,
    fetch: () => Promise.reject(new Error("no network here")),
    ...more,
  })
  runInContext(bundle, page)
  const json = runInContext(`(async () => JSON.stringify(await (async () => { ${script} })()))()`, page)
  return JSON.parse((await json) ?? "null")
}

describe("in a page", () => {
  test("there is neither process nor Buffer", async () => {
    expect(await inPage("return [typeof process, typeof Buffer, typeof require]")).toEqual(
      Array(3).fill("undefined"),
    )
  })

  test("logs in", async () => {
    const script = `
      const wx = pretend.createWx({ issueCode: () => "0code" })
      const byCallback = await new Promise(success => wx.login({ success }))
      return [byCallback, await wx.login()]`
    expect(await inPage(script)).toEqual(Array(2).fill({ code: "0code", errMsg: "login:ok" }))
  })

  test("stores what lasts from one page to the next", async () => {
    const kept: { text: string | null } = { text: null }
    const storage = {
      load: () => kept.text,
      save(text: string) {
        kept.text = text
      },
    }
    const start = `const wx = pretend.createWx({ issueCode: () => "0code", storage });`
    await inPage(`${start} wx.setStorageSync("key", { list: [1, "二"] })`, { storage })
    const script = `${start} return [wx.getStorageSync("key"), wx.getStorageInfoSync()]`
    expect(await inPage(script, { storage })).toEqual([
      { list: [1, "二"] },
      { keys: ["key"], currentSize: 1, limitSize: 10_240 },
    ])
  })

  test("uploads an ArrayBuffer of the page's own realm", async () => {
    const bodies: string[] = []
    const fetch = async (_url: string, { body }: { body: ArrayBuffer }) => {
      bodies.push(new TextDecoder().decode(body))
      return new Response("thanks")
    }
    const script = `
      const { wx, files } = pretend.createPhone({ issueCode: () => "0code" })
      const filePath = files.put(new Uint8Array([104, 105]).buffer, "text/plain")
      return await new Promise((success, fail) =>
        wx.uploadFile({ url: "https://api.example.com/", filePath, name: "file", success, fail }))`
    expect(await inPage(script, { fetch })).toMatchObject({ statusCode: 200, data: "thanks" })
    expect(bodies[0]).toContain("\r\n\r\nhi\r\n")
  })
})
