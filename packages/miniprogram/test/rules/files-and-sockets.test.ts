import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startMiniProgram } from "../support/mini-program.ts"
import { problem } from "../support/replies.ts"
import { baseUrl, startLoggedIn } from "../support/start.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const upload = { url: "/avatars", filePath: "wxfile://tmp_a.png", name: "avatar" }

test("an upload carries the token, its options, and answers parsed JSON", async () => {
  const { phone, login } = await startLoggedIn(
    call => call.path === "/avatars" && call.answer('{"at":"x.png"}'),
  )
  const answer = await login.uploadFile<{ at: string }>({ ...upload, formData: { crop: 1 } })
  expect(answer).toEqual({ at: "x.png" })
  expect(phone.last("uploadFile")).toMatchObject({
    token: "access-1",
    options: { ...upload, url: `${baseUrl}/avatars`, formData: { crop: 1 } },
  })
})

test("over the real server: a download and an upload find out by a 401 that their token is over", async () => {
  let ahead = 0
  const phone = await startMiniProgram({ server: { clock: () => Date.now() + ahead } })
  await phone.login.ready()
  ahead += 31 * 60_000
  const { tempFilePath } = await phone.login.downloadFile({ url: "/orders" })
  ahead += 31 * 60_000
  const file = { url: "/orders", filePath: tempFilePath, name: "orders" }
  expect(await phone.login.uploadFile(file)).toMatchObject({ of: phone.login.user?.id })
  expect(phone.to("/orders").map(({ method, status }) => `${method} ${status}`)).toEqual([
    "GET 401",
    "GET 200",
    "POST 401",
    "POST 200",
  ])
  expect(phone.to("/refresh")).toHaveLength(2)
  await phone.close()
})

test("an upload's answer that is no JSON stays the text it is", async () => {
  const { login } = await startLoggedIn(call => call.path === "/avatars" && call.answer("stored"))
  expect(await login.uploadFile(upload)).toBe("stored")
})

test("a download carries the token and answers the platform's result", async () => {
  const result = { tempFilePath: "wxfile://tmp_b.pdf", statusCode: 200, errMsg: "downloadFile:ok" }
  const { phone, login } = await startLoggedIn(call => call.api === "downloadFile" && call.succeed(result))
  expect(await login.downloadFile({ url: "/receipt.pdf" })).toEqual(result)
  expect(phone.last("downloadFile")).toMatchObject({
    token: "access-1",
    options: { url: `${baseUrl}/receipt.pdf` },
  })
})

test.each(["uploadFile", "downloadFile"] as const)(
  "a 401 of an %s renews the token, and the file goes once more",
  async api => {
    const { phone, login } = await startLoggedIn(call =>
      call.token === "access-1" ? call.answer(JSON.stringify(problem("token_expired")), 401) : false,
    )
    await login[api](upload)
    expect(phone.to(api).map(({ token }) => token)).toEqual(["access-1", "access-2"])
    expect(phone.to("/refresh")).toHaveLength(1)
  },
)

test.each(["uploadFile", "downloadFile"] as const)("an %s has a minute, and is then given up", async api => {
  const { phone, login } = await startLoggedIn(call => call.api === api && undefined)
  const outcome = expect(login[api](upload)).rejects.toMatchObject({ code: "timeout" })
  await vi.advanceTimersByTimeAsync(59_999)
  expect(phone.last(api).aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await outcome
  expect(phone.last(api).aborted).toBe(true)
  expect(phone.to(api)).toHaveLength(1)
})

test.each(["uploadFile", "downloadFile"] as const)("an %s that got lost is not sent again", async api => {
  const { phone, login } = await startLoggedIn(call => call.api === api && call.refuse())
  await expect(login[api](upload)).rejects.toMatchObject({ code: "network" })
  expect(phone.to(api)).toHaveLength(1)
})

test("an upload that is refused has the server's code and words, though they come as a text", async () => {
  const { login } = await startLoggedIn(
    call => call.api === "uploadFile" && call.answer(JSON.stringify(problem("payload_too_large")), 413),
  )
  await expect(login.uploadFile(upload)).rejects.toMatchObject({
    code: "payload_too_large",
    message: "title of payload_too_large",
    status: 413,
  })
})

test("a download that is refused is an error: nobody takes the page that says so for the file", async () => {
  const { login } = await startLoggedIn(
    call => call.api === "downloadFile" && call.succeed({ tempFilePath: "wxfile://tmp_c", statusCode: 404 }),
  )
  await expect(login.downloadFile({ url: "/receipt.pdf" })).rejects.toMatchObject({
    code: "http_error",
    status: 404,
  })
})

test("files show their task, for progress and abort", async () => {
  const { login } = await startLoggedIn()
  const tasks: unknown[] = []
  await login.uploadFile({ ...upload, onTask: task => tasks.push(task) })
  await login.downloadFile({ url: "/receipt.pdf", onTask: task => tasks.push(task) })
  expect(tasks).toHaveLength(2)
  for (const task of tasks) expect(task).toHaveProperty("abort")
})

test.each([
  ["/chat", "wss://api.example.com/chat"],
  [`${baseUrl}/chat?room=1`, "wss://api.example.com/chat?room=1"],
  ["wss://api.example.com/chat", "wss://api.example.com/chat"],
])("a socket to %s opens %s, with the token and the page's headers and protocols", async (url, whole) => {
  const { phone, login } = await startLoggedIn()
  await login.connectSocket({ url, header: { "x-page": "chat" }, protocols: ["v1"] })
  expect(phone.last("connectSocket")).toMatchObject({
    token: "access-1",
    options: { url: whole, header: { "x-page": "chat" }, protocols: ["v1"] },
  })
})

test("the socket's token is renewed first where it is about to end", async () => {
  const { phone, login } = await startLoggedIn()
  vi.setSystemTime(Date.now() + 30 * 60_000)
  await login.connectSocket({ url: "/chat" })
  expect(phone.last("connectSocket").token).toBe("access-2")
  expect(phone.to("/refresh")).toHaveLength(1)
})

test("connectSocket answers the platform's task; logged out it rejects", async () => {
  const { login } = await startLoggedIn()
  expect(await login.connectSocket({ url: "/chat" })).toHaveProperty("abort")
  await login.logout()
  await expect(login.connectSocket({ url: "/chat" })).rejects.toMatchObject({ code: "logged_out" })
})
