import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createWx } from "../../src/index.ts"
import type { RequestOptions } from "../../src/wx/request.ts"
import type { RequestResult } from "../../src/wx/request-result.ts"
import { type Seen, startEchoServer } from "./echo-server.ts"
import { settled } from "./settled.ts"

const wx = createWx({ issueCode: () => "0code", appid: "wx0000000000000042", fetch })
let server: Awaited<ReturnType<typeof startEchoServer>>

beforeAll(async () => {
  server = await startEchoServer({
    "/teapot": response => response.writeHead(418, { "x-brew": "tea" }).end('{"code":"teapot"}'),
    "/not-json": response => response.end("<html>"),
    "/empty": response => response.writeHead(204).end(),
    "/bom": response => response.end('\uFEFF{"read":true}'),
    "/cookies": response => response.writeHead(200, { "set-cookie": ["a=1; Path=/", "b=2"] }).end("{}"),
    "/moved": response => response.writeHead(302, { location: "/landed" }).end(),
    "/cut": response => {
      response.writeHead(200, { "content-length": "100" })
      response.write("half", () => response.destroy())
    },
  })
})
afterAll(() => server.close())

const ask = <Data = Seen>(path: string, options: Partial<RequestOptions<Data>> = {}) =>
  settled<RequestResult<Data>>(callbacks =>
    wx.request<Data>({ ...options, url: `${server.url}${path}`, ...callbacks }),
  )
const seen = async (options: Partial<RequestOptions<Seen>>, path = "/path") => {
  const { success } = await ask(path, options)
  if (success === undefined) throw new Error("the request failed")
  return success.data
}

describe("what goes out", () => {
  test("a GET puts its data into the query, encoded, after what is there and before the fragment", async () => {
    const data = { name: "小 明&co", list: [1, 2], none: null }
    const { method, url, body } = await seen({ data }, "/path?first=1#part")
    expect({ method, body }).toEqual({ method: "GET", body: "" })
    expect(url).toBe("/path?first=1&name=%E5%B0%8F%20%E6%98%8E%26co&list=%5B1%2C2%5D&none=null")
  })

  test("a POST is JSON unless told otherwise", async () => {
    const { method, headers, body } = await seen({ method: "POST", data: { code: "小" } })
    expect([method, headers["content-type"], body]).toEqual(["POST", "application/json", '{"code":"小"}'])
  })

  test("a POST as a form is written as a query is, whatever the header's case", async () => {
    const header = { "Content-Type": "application/x-www-form-urlencoded" }
    const { headers, body } = await seen({ method: "POST", header, data: { code: "a b&c", n: 1 } })
    expect([headers["content-type"], body]).toEqual([
      "application/x-www-form-urlencoded",
      "code=a%20b%26c&n=1",
    ])
  })

  test("a text and an ArrayBuffer go out as they are", async () => {
    expect((await seen({ method: "PUT", data: '{"raw":1}' })).body).toBe('{"raw":1}')
    const data = new TextEncoder().encode("bytes").buffer
    expect((await seen({ method: "PUT", data })).body).toBe("bytes")
  })

  test("the Referer is WeChat's and cannot be overridden; other headers are the page's", async () => {
    const { headers } = await seen({
      header: { Referer: "https://elsewhere.example", Authorization: "Bearer x" },
    })
    expect(headers.referer).toBe("https://servicewechat.com/wx0000000000000042/devtools/page-frame.html")
    expect(headers.authorization).toBe("Bearer x")
  })

  test.each(["OPTIONS", "GET", "POST", "PUT", "DELETE", "get"])("%s is a method", async method => {
    expect((await seen({ method })).method).toBe(method.toUpperCase())
  })

  test("PATCH is none", async () => {
    const { called, failure } = await ask("/path", { method: "PATCH" })
    expect(called).toEqual(["fail", "complete"])
    expect(failure).toEqual({ errMsg: "request:fail method is invalid", errno: 600_005 })
  })
})

describe("what comes back", () => {
  test("any status is a success, with data, headers and errMsg", async () => {
    const { called, success } = await ask<unknown>("/teapot")
    expect(called).toEqual(["success", "complete"])
    expect(success).toMatchObject({ statusCode: 418, data: { code: "teapot" }, errMsg: "request:ok" })
    expect(success?.header).toHaveProperty("x-brew", "tea")
  })

  test.each([
    ["/not-json", {}, "<html>"],
    ["/empty", {}, ""],
    ["/bom", {}, { read: true }],
    ["/teapot", { dataType: "text" }, '{"code":"teapot"}'],
  ])("%s with %j is read as %j", async (path, options, data) => {
    expect((await ask<unknown>(path, options)).success?.data).toEqual(data)
  })

  test("bytes where bytes are asked for", async () => {
    const { success } = await ask<ArrayBuffer>("/teapot", { responseType: "arraybuffer" })
    expect(success?.data).toBeInstanceOf(ArrayBuffer)
    expect(success?.data.byteLength).toBe(17)
  })

  test("each cookie by itself, and none is kept for the next request", async () => {
    expect((await ask("/cookies")).success?.cookies).toEqual(["a=1; Path=/", "b=2"])
    expect((await seen({})).headers.cookie).toBeUndefined()
  })

  test("redirects are followed, or left to the page where it says manual", async () => {
    expect((await seen({}, "/moved")).url).toBe("/landed")
    expect((await ask("/moved", { redirect: "manual" })).success?.statusCode).toBe(302)
  })
})

describe("failures", () => {
  test.each([
    "",
    "/login",
    "login",
    "ftp://127.0.0.1/",
    "http://",
    "http://a:b@127.0.0.1/",
    "http://a@b@127.0.0.1/",
    undefined,
  ])("%j is an invalid url", async url => {
    const { called, failure } = await settled<RequestResult>(callbacks =>
      wx.request({ url: url as string, ...callbacks }),
    )
    expect(called).toEqual(["fail", "complete"])
    expect(failure).toEqual({ errMsg: "request:fail invalid url", errno: 600_009 })
  })

  test("a refused connection is told as the phone tells it", async () => {
    const gone = await startEchoServer()
    await gone.close()
    const { failure } = await settled<RequestResult>(callbacks => wx.request({ url: gone.url, ...callbacks }))
    expect(failure).toEqual({
      errMsg: "request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED",
      errno: 600_001,
    })
  })

  test("an answer cut short is a failure", async () => {
    const { called, failure } = await ask("/cut")
    expect(called).toEqual(["fail", "complete"])
    expect(failure).toMatchObject({ errno: 600_001 })
  })

  test("data without JSON are a failure", async () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect((await ask("/path", { method: "POST", data: circle })).failure?.errno).toBe(600_010)
    expect((await ask("/path", { data: { circle } })).failure?.errno).toBe(600_010)
  })

  test("a header that cannot be sent is named, its value is not told", async () => {
    const { failure } = await ask("/path", { header: { Authorization: "Bearer 0123\nab" } })
    expect(failure).toEqual({ errMsg: "request:fail header authorization is invalid", errno: 600_005 })
  })

  test("the callbacks' own errors reach onError and stop nothing", async () => {
    const thrown: unknown[] = []
    const careful = createWx({ issueCode: () => "0code", fetch, onError: error => thrown.push(error) })
    await new Promise<void>(resolve => {
      careful.request({
        url: `${server.url}/teapot`,
        success() {
          throw new Error("first")
        },
        complete() {
          resolve()
          throw new Error("second")
        },
      })
    })
    expect(thrown.map(String)).toEqual(["Error: first", "Error: second"])
  })
})

describe("the list of domains", () => {
  const listed = (url: string) =>
    settled<RequestResult>(callbacks =>
      createWx({
        issueCode: () => "0code",
        domains: ["https://api.example.com", "https://api.example.com:8443"],
        fetch: async () => new Response("{}"),
      }).request({ url, ...callbacks }),
    )

  test.each(["https://api.example.com/login", "https://API.example.com:8443?x"])("%s is on it", async url => {
    expect((await listed(url)).called).toEqual(["success", "complete"])
  })

  test.each([
    "https://api.example.com:443/",
    "https://api.example.com.evil.example/",
    "https://example.com/",
    "http://api.example.com/",
  ])("%s is not", async url => {
    expect((await listed(url)).failure).toEqual({
      errMsg: "request:fail url not in domain list",
      errno: 600_002,
    })
  })
})
