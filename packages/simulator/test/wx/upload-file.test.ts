import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createPhone } from "../../src/index.ts"
import type { UploadFileOptions, UploadFileResult, UploadTask } from "../../src/wx/upload-file.ts"
import { type Seen, startEchoServer } from "./echo-server.ts"
import { settled } from "./settled.ts"

let server: Awaited<ReturnType<typeof startEchoServer>>
beforeAll(async () => {
  server = await startEchoServer({ "/broken": response => response.writeHead(500).end("no") })
})
afterAll(() => server.close())

function start(more: Partial<UploadFileOptions> = {}, fetch = globalThis.fetch) {
  const { wx, files } = createPhone({
    issueCode: () => "0code",
    appid: "wx0000000000000042",
    fetch,
    domains: [server.url],
  })
  const filePath = files.put(new TextEncoder().encode("the bytes"), "image/png")
  let task: UploadTask | undefined
  const answer = settled<UploadFileResult>(callbacks => {
    task = wx.uploadFile({ url: `${server.url}/`, filePath, name: "avatar", ...more, ...callbacks })
  })
  if (task === undefined) throw new Error("no task")
  return { answer, task, filePath }
}

/** What the server makes of the form. */
async function formOf(data = ""): Promise<FormData> {
  const { headers, body } = JSON.parse(data) as Seen
  const type = headers["content-type"] ?? ""
  return new Response(body, { headers: { "content-type": type } }).formData()
}

describe("uploadFile", () => {
  test("posts a form with the file and the other fields", async () => {
    const { answer, filePath } = start({ formData: { user: "爱丽丝", 'a"b': 7 } })
    const { called, success } = await answer
    expect(called).toEqual(["success", "complete"])
    expect(success).toEqual({ data: expect.any(String), statusCode: 200, errMsg: "uploadFile:ok" })
    const form = await formOf(success?.data)
    expect(form.get("user")).toBe("爱丽丝")
    expect(form.get('a"b')).toBe("7")
    const file = form.get("avatar") as File
    expect([file.type, await file.text()]).toEqual(["image/png", "the bytes"])
    expect(filePath.endsWith(`/${file.name}`)).toBe(true)
  })

  test("sends the page's headers, but Content-Type and Referer are WeChat's", async () => {
    const header = {
      "Content-Type": "text/plain",
      Referer: "https://other.example/",
      Authorization: "Bearer x",
    }
    const { success } = await start({ header }).answer
    const { method, headers } = JSON.parse(success?.data ?? "") as Seen
    expect(method).toBe("POST")
    expect(headers).toMatchObject({
      authorization: "Bearer x",
      referer: "https://servicewechat.com/wx0000000000000042/devtools/page-frame.html",
      "content-type": expect.stringMatching(/^multipart\/form-data; boundary=/),
    })
  })

  test("a boundary never occurs in what is sent", async () => {
    const { success } = await start({ formData: { text: "----WxFormBoundary0" } }).answer
    expect((await formOf(success?.data)).get("text")).toBe("----WxFormBoundary0")
  })

  test("succeeds whatever the status", async () => {
    const { success } = await start({ url: `${server.url}/broken` }).answer
    expect(success).toEqual({ data: "no", statusCode: 500, errMsg: "uploadFile:ok" })
  })

  test("tells of the progress and of the headers, and whoever was taken off hears nothing", async () => {
    const { task, answer } = start()
    const heard: unknown[] = []
    const off = () => heard.push("taken off")
    task.onProgressUpdate(off)
    task.offProgressUpdate(off)
    task.onProgressUpdate(progress => heard.push(progress))
    task.onHeadersReceived(({ statusCode }) => heard.push(statusCode))
    await answer
    const [progress] = heard as [{ totalBytesSent: number }]
    expect(progress.totalBytesSent).toBeGreaterThan(9)
    const total = progress.totalBytesSent
    expect(heard).toEqual([{ progress: 100, totalBytesSent: total, totalBytesExpectedToSend: total }, 200])
  })

  test.each([
    ["a file that is not there", { filePath: "http://tmp/gone.png" }, "file not found"],
    ["an address that is none", { url: "api.example.com" }, "invalid url"],
    ["a server that is not listed", { url: "https://other.example/" }, "url not in domain list"],
    [
      "a missing name",
      { name: undefined as unknown as string },
      "parameter error: parameter.name should be String instead of Undefined;",
    ],
  ])("%s fails and nothing is sent", async (_case, more, reason) => {
    const { called, failure } = await start(more, () => Promise.reject(new Error("it was sent"))).answer
    expect(called).toEqual(["fail", "complete"])
    expect(failure?.errMsg).toBe(`uploadFile:fail ${reason}`)
  })

  test("fails when it is aborted", async () => {
    const { task, answer } = start()
    task.abort()
    expect((await answer).failure).toEqual({ errMsg: "uploadFile:fail abort" })
  })

  test("fails in Chromium's words where there is no server", async () => {
    const fetch = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }))
    expect((await start({}, fetch).answer).failure).toEqual({
      errMsg: "uploadFile:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED",
      errno: 600_001,
    })
  })
})
