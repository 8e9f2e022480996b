import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createPhone } from "../../src/index.ts"
import type { DownloadFileOptions, DownloadFileResult, DownloadTask } from "../../src/wx/download-file.ts"
import { startEchoServer } from "./echo-server.ts"
import { settled } from "./settled.ts"

let server: Awaited<ReturnType<typeof startEchoServer>>
beforeAll(async () => {
  server = await startEchoServer({
    "/cat.png": response => response.setHeader("content-type", "image/png").end("a cat"),
    "/plain.jpg": response => response.end("no type"),
    "/gone": response => response.writeHead(404).end("gone"),
  })
})
afterAll(() => server.close())

function start(path: string, more: Partial<DownloadFileOptions> = {}) {
  const phone = createPhone({ issueCode: () => "0code", domains: [server.url] })
  let task: DownloadTask | undefined
  const answer = settled<DownloadFileResult>(callbacks => {
    task = phone.wx.downloadFile({ url: `${server.url}${path}`, ...more, ...callbacks })
  })
  if (task === undefined) throw new Error("no task")
  return { ...phone, task, answer }
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe("downloadFile", () => {
  test("keeps the answer in a temporary file with its type's ending", async () => {
    const { answer, files } = start("/cat.png")
    const { called, success } = await answer
    expect(called).toEqual(["success", "complete"])
    expect(success).toEqual({
      tempFilePath: expect.stringMatching(/^http:\/\/tmp\/.+\.png$/),
      statusCode: 200,
      errMsg: "downloadFile:ok",
    })
    expect(textOf(files.read(success?.tempFilePath ?? ""))).toBe("a cat")
  })

  test("without a type takes the ending of the address", async () => {
    expect((await start("/plain.jpg?v=2").answer).success?.tempFilePath).toMatch(/\.jpg$/)
  })

  test("keeps it where it is told to", async () => {
    const filePath = "http://usr/mine.png"
    const { answer, wx } = start("/cat.png", { filePath })
    expect((await answer).success).toEqual({ filePath, statusCode: 200, errMsg: "downloadFile:ok" })
    expect(wx.getFileSystemManager().readFileSync(filePath, "utf8")).toBe("a cat")
  })

  test("succeeds whatever the status", async () => {
    expect((await start("/gone").answer).success).toMatchObject({ statusCode: 404 })
  })

  test("tells of the progress", async () => {
    const { task, answer } = start("/cat.png")
    const heard: unknown[] = []
    task.onProgressUpdate(progress => heard.push(progress))
    await answer
    expect(heard.at(-1)).toEqual({ progress: 100, totalBytesWritten: 5, totalBytesExpectedToWrite: 5 })
  })

  test.each([
    [
      "a place it may not write",
      { filePath: "http://tmp/1.png" },
      'permission denied, open "http://tmp/1.png"',
    ],
    ["a server that is not listed", { url: "https://other.example/" }, "url not in domain list"],
  ])("%s fails", async (_case, more, reason) => {
    expect((await start("/cat.png", more).answer).failure?.errMsg).toBe(`downloadFile:fail ${reason}`)
  })

  test("fails when it is aborted", async () => {
    const { task, answer } = start("/cat.png")
    task.abort()
    expect((await answer).failure).toEqual({ errMsg: "downloadFile:fail abort" })
  })
})
