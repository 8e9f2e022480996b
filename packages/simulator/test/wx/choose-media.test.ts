import { describe, expect, test } from "vitest"
import { createPhone } from "../../src/index.ts"
import type { ChosenFile, MediaAsk, WxHost } from "../../src/wx/host.ts"

const start = (host: WxHost = {}) => createPhone({ issueCode: () => "0code", host })
const picture: ChosenFile = { bytes: new Uint8Array(3), type: "image/png" }
const film: ChosenFile = { bytes: new Uint8Array(5), type: "video/mp4" }

describe("chooseMedia", () => {
  test("brings temporary files, no more than were asked for", async () => {
    const asks: MediaAsk[] = []
    const { wx, files } = start({
      chooseMedia(ask) {
        asks.push(ask)
        return [picture, film, picture]
      },
    })
    const { tempFiles, type } = await wx.chooseMedia({ count: 2 })
    expect(asks).toEqual([{ count: 2, mediaType: ["image", "video"], sourceType: ["album", "camera"] }])
    expect(tempFiles).toEqual([
      { tempFilePath: expect.stringMatching(/\.png$/), size: 3, fileType: "image" },
      { tempFilePath: expect.stringMatching(/\.mp4$/), size: 5, fileType: "video" },
    ])
    expect(type).toBe("mix")
    expect(files.read(tempFiles[1]?.tempFilePath ?? "")).toHaveLength(5)
  })

  test("cancelled is a failure", async () => {
    const { wx } = start({ chooseMedia: () => null })
    await expect(wx.chooseMedia()).rejects.toEqual({ errMsg: "chooseMedia:fail cancel" })
  })

  test("without a host brings one picture", async () => {
    expect(await start().wx.chooseMedia()).toMatchObject({
      tempFiles: [{ fileType: "image" }],
      type: "image",
    })
  })
})

test("chooseImage brings the same by its own names", async () => {
  const { wx } = start({ chooseMedia: ({ mediaType }) => (mediaType[0] === "image" ? [picture] : null) })
  const { tempFilePaths, tempFiles, errMsg } = await wx.chooseImage()
  expect(tempFiles).toEqual([{ path: tempFilePaths[0], size: 3 }])
  expect(errMsg).toBe("chooseImage:ok")
})
