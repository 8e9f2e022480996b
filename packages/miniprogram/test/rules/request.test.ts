import type { RequestOptions } from "@denglu/miniprogram"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { problem } from "../support/replies.ts"
import { baseUrl, soon, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const orders = "https://orders.example.com"

test.each([
  ["/orders", `${baseUrl}/orders`],
  ["orders?page=2", `${baseUrl}/orders?page=2`],
  [`${baseUrl}/orders`, `${baseUrl}/orders`],
  [`${baseUrl}?page=2`, `${baseUrl}?page=2`],
  [`${baseUrl}#top`, `${baseUrl}#top`],
  [`${orders}/list`, `${orders}/list`],
  ["", `${baseUrl}/`],
  ["//evil.example/x", `${baseUrl}//evil.example/x`],
  ["@evil.example/x", `${baseUrl}/@evil.example/x`],
  [".evil.example/x", `${baseUrl}/.evil.example/x`],
  ["HTTPS://evil.example/x", `${baseUrl}/HTTPS://evil.example/x`],
  ["ht\ttps://evil.example/x", `${baseUrl}/ht\ttps://evil.example/x`],
])("%j goes to %s, with the token", async (url, whole) => {
  const { phone, login } = await startLoggedIn(undefined, { origins: [orders] })
  await login.request({ url })
  expect(phone.calls.at(-1)).toMatchObject({ options: { url: whole }, token: "access-1" })
})

test.each([
  "https://evil.example/orders",
  "http://api.example.com/orders",
  "https://api.example.com.evil.example/orders",
  "https://api.example.com@evil.example/orders",
  "https://api.example.com:8443/orders",
  "https://api.example.com\\@evil.example/orders",
  "https://api.example.com\t.evil.example/orders",
  "https://evil.example?https://api.example.com/",
  "https://evil.example#https://api.example.com/",
  "https://orders.example.com.evil.example/",
  "wss://evil.example/orders",
])("the token is not sent to %s", async url => {
  const { phone, login } = await startLoggedIn(undefined, { origins: [orders] })
  const sent = phone.calls.length
  await expect(login.request({ url })).rejects.toThrow(TypeError)
  await expect(login.uploadFile({ url, filePath: "wxfile://a", name: "a" })).rejects.toThrow(TypeError)
  await expect(login.downloadFile({ url })).rejects.toThrow(TypeError)
  await expect(login.connectSocket({ url })).rejects.toThrow(TypeError)
  expect(phone.calls).toHaveLength(sent)
})

test("a baseUrl may end in a slash", async () => {
  const { phone, login } = await startLoggedIn(undefined, { baseUrl: `${baseUrl}/api/` })
  await login.request({ url: "/orders" })
  await login.request({ url: "orders" })
  expect(phone.calls.map(({ path }) => path)).toEqual(["", "/api/login", "/api/orders", "/api/orders"])
})

test("a baseUrl with a path keeps its path", async () => {
  const { phone, login } = await startLoggedIn(undefined, { baseUrl: `${baseUrl}/api` })
  await login.request({ url: "/orders" })
  expect(phone.calls.map(({ path }) => path)).toEqual(["", "/api/login", "/api/orders"])
})

test.each(["GET", "POST", "PUT", "DELETE"] as const)(
  "a %s that got lost is not sent again: nobody knows what it did",
  async method => {
    const { phone, login } = await startLoggedIn(call => call.path === "/orders" && call.refuse())
    await expect(login.request({ url: "/orders", method })).rejects.toMatchObject({
      code: "network",
      retryable: true,
    })
    expect(phone.to("/orders")).toHaveLength(1)
  },
)

test.each([304, 400, 403, 404, 409, 429, 500, 502, 503])(
  "a request answered %d is not sent again",
  async status => {
    const { phone, login } = await startLoggedIn(call => call.path === "/orders" && call.answer({}, status))
    await expect(login.request({ url: "/orders", method: "POST" })).rejects.toMatchObject({
      code: "http_error",
      status,
      retryable: status >= 500 || status === 429,
    })
    expect(phone.calls).toHaveLength(3)
  },
)

test("a request that is never answered ends in its own time, is given up, and not sent again", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/orders" && undefined)
  const outcomes = [
    expect(login.request({ url: "/orders", timeout: 500 })).rejects.toMatchObject({ code: "timeout" }),
    expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "timeout" }),
  ]
  await vi.advanceTimersByTimeAsync(500)
  await outcomes[0]
  expect(phone.to("/orders").map(({ aborted }) => aborted)).toEqual([true, false])
  await vi.advanceTimersByTimeAsync(9_500)
  await outcomes[1]
  expect(phone.to("/orders").map(({ options }) => options.timeout)).toEqual([500, 10_000])
  expect(vi.getTimerCount()).toBe(0)
})

test("a request under way when its token is renewed is not sent again without a 401", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/slow" && undefined)
  const slow = login.request({ url: "/slow", method: "POST" })
  await soon()
  await login.login({ fresh: true })
  phone.last("/slow").answer({ done: true })
  expect(await slow).toEqual({ done: true })
  expect(phone.to("/slow")).toHaveLength(1)
})

test("what the page says is passed on: method, data, headers and the platform's other options", async () => {
  const { phone, login } = await startLoggedIn()
  const options: RequestOptions = {
    url: "/orders",
    method: "POST",
    data: { tea: 2 },
    header: { "x-page": "cart", "content-type": "application/json" },
    dataType: "json",
    enableHttp2: true,
  }
  const copy = structuredClone(options)
  await login.request(options)
  expect(phone.last("/orders").options).toMatchObject({
    ...copy,
    url: `${baseUrl}/orders`,
    header: { ...copy.header, authorization: "Bearer access-1" },
  })
  expect(options).toEqual(copy)
})

test("the token is the only Authorization, however the page writes its own", async () => {
  const { phone, login } = await startLoggedIn()
  await login.request({ url: "/orders", header: { AUTHORIZATION: "Basic a", Authorization: "Basic b" } })
  const { header = {} } = phone.last("/orders").options
  const sent = Object.entries(header).filter(([name]) => /^authorization$/i.test(name))
  expect(sent.map(([, value]) => value)).toEqual(["Bearer access-1"])
})

test("the page may ask for another language than the device's", async () => {
  const { phone, login } = await startLoggedIn()
  await login.request({ url: "/orders", header: { "Accept-Language": "en" } })
  const { header = {} } = phone.last("/orders").options
  const sent = Object.entries(header).filter(([name]) => /^accept-language$/i.test(name))
  expect(sent.map(([, value]) => value)).toEqual(["en"])
})

test("onTask is given the platform's task, once more when the request is sent again", async () => {
  const { login } = await startLoggedIn(call =>
    call.token === "access-1" ? call.answer(problem("token_expired"), 401) : false,
  )
  const tasks: unknown[] = []
  await login.request({ url: "/orders", onTask: task => tasks.push(task) })
  expect(tasks).toHaveLength(2)
  expect(tasks[0]).toHaveProperty("abort")
})

test("a request the page aborts fails, and is not sent again", async () => {
  const phone = await startMiniProgram()
  await phone.login.ready()
  phone.network(() => new Promise(() => {}))
  const outcome = phone.login.request({ url: "/orders", onTask: task => task.abort() })
  await expect(outcome).rejects.toMatchObject({ name: "LoginError", code: "network" })
  expect(phone.to("/orders").length).toBeLessThan(2)
  await phone.close()
})

test("a request the page aborts ends in time on a platform that says nothing about it", async () => {
  const { phone, login } = await startLoggedIn(call => call.path === "/orders" && undefined)
  const outcome = expect(
    login.request({ url: "/orders", onTask: task => task.abort() }),
  ).rejects.toMatchObject({ code: "timeout" })
  await vi.advanceTimersByTimeAsync(10_000)
  await outcome
  expect(phone.to("/orders")).toHaveLength(1)
})

test("what the page throws in onTask is what its request ends with", async () => {
  const { login } = await startLoggedIn()
  const onTask = () => {
    throw new RangeError("no such element")
  }
  await expect(login.request({ url: "/orders", onTask })).rejects.toThrow(RangeError)
  expect(vi.getTimerCount()).toBe(0)
})

test("the answer is the data as the platform parsed it, nothing around it", async () => {
  const { login } = await startLoggedIn(call => call.path === "/orders" && call.answer([1, 2], 201))
  expect(await login.request<number[]>({ url: "/orders" })).toEqual([1, 2])
})

test("a page's request without a session logs in; logged out, it is not sent", async () => {
  const { phone, login } = await startLoggedIn()
  await login.logout()
  const sent = phone.calls.length
  await expect(login.request({ url: "/orders" })).rejects.toMatchObject({ code: "logged_out" })
  expect(phone.calls).toHaveLength(sent)
})
