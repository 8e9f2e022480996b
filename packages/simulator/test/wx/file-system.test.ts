import { describe, expect, test } from "vitest"
import { createPhone } from "../../src/index.ts"

function start() {
  const { wx, files } = createPhone({ issueCode: () => "0code" })
  const manager = wx.getFileSystemManager()
  return { wx, files, manager, userPath: `${wx.env.USER_DATA_PATH}/note.txt` }
}

describe("files", () => {
  test("put makes a temporary path with the type's ending; read gives copies", () => {
    const { files } = start()
    const bytes = new Uint8Array([1, 2, 3])
    const path = files.put(bytes, "image/png")
    expect(path).toMatch(/^http:\/\/tmp\/.+\.png$/)
    bytes[0] = 9
    files.read(path)?.fill(7)
    expect(files.read(path)).toEqual(new Uint8Array([1, 2, 3]))
    expect(files.put(bytes, "image/png")).not.toBe(path)
    expect(files.read("http://tmp/other.png")).toBeUndefined()
  })
})

describe("readFile", () => {
  test.each([
    ["utf8", "é二"],
    ["utf-8", "é二"],
    ["hex", "c3a9e4ba8c"],
    ["base64", "w6nkuow="],
    ["latin1", "Ã©äº\u008c"],
  ])("as %s reads what was written", async (encoding, data) => {
    const { manager, userPath: filePath } = start()
    await manager.writeFile({ filePath, data, encoding })
    expect(manager.readFileSync(filePath, "utf8")).toBe("é二")
    expect(await manager.readFile({ filePath, encoding })).toEqual({ data, errMsg: "readFile:ok" })
  })

  test("as ucs2 writes little-endian", () => {
    const { manager, userPath } = start()
    manager.writeFileSync(userPath, "a二", "ucs2")
    expect(manager.readFileSync(userPath, "hex")).toBe("61008c4e")
    expect(manager.readFileSync(userPath, "utf16le")).toBe("a二")
  })

  test("without an encoding gives an ArrayBuffer, or the part that was asked for", () => {
    const { files, manager } = start()
    const path = files.put(new Uint8Array([1, 2, 3, 4]), "image/png")
    expect(manager.readFileSync(path)).toEqual(new Uint8Array([1, 2, 3, 4]).buffer)
    expect(manager.readFileSync(path, undefined, 1, 2)).toEqual(new Uint8Array([2, 3]).buffer)
  })

  test("of an unknown path fails with its name, also synchronously", async () => {
    const { manager } = start()
    await expect(manager.readFile({ filePath: "http://tmp/gone.png" })).rejects.toEqual({
      errMsg: "readFile:fail no such file or directory http://tmp/gone.png",
      errno: 1_300_002,
    })
    expect(() => manager.readFileSync("http://tmp/gone.png")).toThrow(
      "readFileSync:fail no such file or directory http://tmp/gone.png",
    )
  })

  test("refuses an encoding that is none", () => {
    const { manager, userPath } = start()
    manager.writeFileSync(userPath, "text")
    expect(() => manager.readFileSync(userPath, "utf-9")).toThrow('invalid encoding "utf-9"')
  })
})

describe("writeFile", () => {
  test.each([["http://tmp/1.png"], ["note.txt"], ["http://usrother/note.txt"]])(
    "refuses %s, which is not below USER_DATA_PATH",
    async filePath => {
      const failure = { errno: 1_300_013, errMsg: `writeFile:fail permission denied, open "${filePath}"` }
      await expect(start().manager.writeFile({ filePath, data: "" })).rejects.toEqual(failure)
    },
  )

  test("refuses a directory that is not there", async () => {
    const { wx, manager } = start()
    const filePath = `${wx.env.USER_DATA_PATH}/deep/note.txt`
    await expect(manager.writeFile({ filePath, data: "" })).rejects.toMatchObject({ errno: 1_300_002 })
  })

  test("takes an ArrayBuffer as it is, and refuses base64 that is none", () => {
    const { manager, userPath } = start()
    manager.writeFileSync(userPath, new Uint8Array([0, 255]).buffer)
    expect(manager.readFileSync(userPath, "hex")).toBe("00ff")
    expect(() => manager.writeFileSync(userPath, "data:image/png;base64,AA==", "base64")).toThrow(
      "writeFileSync:fail base64 encode error",
    )
  })
})

describe("access and unlink", () => {
  test("know what is there, and what is not any more", async () => {
    const { wx, manager, userPath: filePath } = start()
    manager.writeFileSync(filePath, "text")
    expect(await manager.access({ path: filePath })).toEqual({ errMsg: "access:ok" })
    expect(() => manager.accessSync(wx.env.USER_DATA_PATH)).not.toThrow()
    expect(await manager.unlink({ filePath })).toEqual({ errMsg: "unlink:ok" })
    expect(() => manager.accessSync(filePath)).toThrow("accessSync:fail no such file or directory")
    expect(() => manager.unlinkSync(filePath)).toThrow("unlinkSync:fail no such file or directory")
  })

  test("what the manager lacks says so", () => {
    const { mkdirSync } = start().manager as unknown as Record<string, () => void>
    expect(() => mkdirSync?.()).toThrow("not simulated: FileSystemManager.mkdirSync")
  })
})
