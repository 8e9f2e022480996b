import { once } from "node:events"
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { LoginOptions } from "denglu"
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"
import { exif, form, jpeg, losslessPixels, png, webpChunk, webpOf } from "../support/pictures.ts"

const root = mkdtempSync(join(tmpdir(), "denglu-avatars-"))
afterAll(() => rmSync(root, { recursive: true }))
const publicUrl = "https://login.example.com"

let folder: string
let count = 0
const closing: (() => Promise<unknown>)[] = []
beforeEach(() => {
  count += 1
  folder = join(root, `folder${count}`)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const files = () => (existsSync(folder) ? readdirSync(folder) : [])

async function start(options: Partial<LoginOptions> = {}): Promise<Harness> {
  const harness = await startHarness({ avatars: { storage: `file:${folder}`, publicUrl }, ...options })
  closing.push(() => harness.close())
  return harness
}

interface Sent {
  readonly body: Uint8Array | ReadableStream
  readonly contentType?: string
  readonly token?: string
}

/** Both ways in answer the same. */
type Ask = (path: string, init?: RequestInit) => Promise<Response>

const bindings: readonly (readonly [string, (harness: Harness) => Promise<Ask>])[] = [
  [
    "fetch",
    async ({ login }) =>
      (path, init) =>
        login.fetch(new Request(publicUrl + path, init)),
  ],
  [
    "node",
    async ({ login }) => {
      const server = createServer(login.node)
      await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
      closing.push(async () => {
        server.closeAllConnections()
        server.close()
      })
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      return (path, init) => fetch(url + path, init)
    },
  ],
]

function upload(ask: Ask, { body, contentType = "image/png", token }: Sent): Promise<Response> {
  return ask("/me/avatar", {
    method: "POST",
    body,
    duplex: "half",
    headers: { "content-type": contentType, ...(token && { authorization: `Bearer ${token}` }) },
  } as RequestInit)
}

const pathOf = (url: string) => url.slice(publicUrl.length)

describe.each(bindings)("through %s", (_, bind) => {
  test("a picture that is uploaded is the user's avatar, and everybody is sent it", async () => {
    const harness = await start()
    const ask = await bind(harness)
    const { access_token: token, user } = await harness.logIn("ming")
    const answer = await upload(ask, { ...form(png(64, 48)), token })
    expect(answer.status).toBe(200)
    const me = await answer.json()
    expect(me).toMatchObject({ id: user.id, nickname: null, phone: null })
    expect(me.avatar_url).toMatch(/^https:\/\/login\.example\.com\/avatars\/[0-9a-v]{26}\.png$/)
    expect((await harness.send("GET", "/me", { token })).body.avatar_url).toBe(me.avatar_url)

    const shown = await ask(pathOf(me.avatar_url))
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png(64, 48))
    expect([shown.status, Object.fromEntries(shown.headers)]).toEqual([
      200,
      expect.objectContaining({
        "content-type": "image/png",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": "public, max-age=31536000, immutable",
      }),
    ])
    const head = await ask(pathOf(me.avatar_url), { method: "HEAD" })
    expect([head.status, head.headers.get("content-type"), await head.text()]).toEqual([200, "image/png", ""])
  })

  test("the body may be the picture itself, and what it is called makes no difference", async () => {
    const harness = await start()
    const ask = await bind(harness)
    const { access_token: token } = await harness.logIn("ming")
    const webp = webpOf([webpChunk("VP8L", losslessPixels)])
    for (const [body, contentType, ending] of [
      [png(), "image/svg+xml", "png"],
      [jpeg(), "text/html", "jpg"],
      [webp, "image/png", "webp"],
    ] as const) {
      const answer = await upload(ask, { body, contentType, token })
      expect((await answer.json()).avatar_url).toMatch(new RegExp(`\\.${ending}$`))
    }
    const named = form(png(), { name: "../../../etc/passwd\\u0000.html", type: "text/html" })
    expect((await (await upload(ask, { ...named, token })).json()).avatar_url).toMatch(/\.png$/)
    expect(files()).toHaveLength(1)
  })

  test("what is too large is a 413, whether it says so or not", async () => {
    const harness = await start({ avatars: { storage: `file:${folder}`, publicUrl, maxBytes: 2_048 } })
    const ask = await bind(harness)
    const { access_token: token } = await harness.logIn("ming")
    const large = Buffer.alloc(40_000, 1)
    const chunks = () => new Blob([large]).stream()
    for (const sent of [
      { body: large },
      { body: chunks() },
      form(large),
      { ...form(large), body: new Blob([form(large).body]).stream() },
      form(Buffer.alloc(3_000)),
    ]) {
      const answer = await upload(ask, { ...sent, token })
      expect([answer.status, (await answer.json()).code]).toEqual([413, "payload_too_large"])
    }
    expect((await upload(ask, { ...form(png()), token })).status).toBe(200)
  })

  test.each([
    ["no body", { body: Buffer.alloc(0) }, "picture_invalid"],
    [
      "a text",
      { body: Buffer.from("<svg onload=alert(1)>"), contentType: "image/svg+xml" },
      "picture_invalid",
    ],
    ["JSON", { body: Buffer.from("{}"), contentType: "application/json" }, "picture_invalid"],
    ["half a picture", { body: png().subarray(0, 60) }, "picture_invalid"],
    ["a picture too small", { body: png(8, 32) }, "picture_invalid"],
    ["a form without its file", form(png(), { field: "avatar" }), "invalid_request"],
    ["a form that is cut off", cutOff(), "invalid_request"],
    ["a form without a boundary", { ...form(png()), contentType: "multipart/form-data" }, "invalid_request"],
    [
      "a form of another boundary",
      { ...form(png()), contentType: "multipart/form-data; boundary=x" },
      "invalid_request",
    ],
    ["a form of two files", twoFiles(), "invalid_request"],
    ["a form of a hundred fields", manyFields(), "invalid_request"],
    ["a form of nothing", { ...form(png()), body: Buffer.alloc(0) }, "invalid_request"],
    ["a form with an empty file", form(Buffer.alloc(0)), "picture_invalid"],
  ])("%s is refused with a remedy, and nothing is kept", async (_, sent, code) => {
    const harness = await start()
    const ask = await bind(harness)
    const { access_token: token } = await harness.logIn("ming")
    const answer = await upload(ask, { ...sent, token })
    const problem = await answer.json()
    expect([answer.status, problem.code]).toEqual([400, code])
    expect(problem.remedy).not.toBe("")
    expect(problem.errors[0].pointer).toBe("/file")
    expect(files()).toEqual([])
    expect((await harness.send("GET", "/me", { token })).body.avatar_url).toBeNull()
  })

  test("a picture that doesn't arrive within 30 s is given up", async () => {
    const harness = await start()
    const ask = await bind(harness)
    const { access_token: token } = await harness.logIn("ming")
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    try {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(png().subarray(0, 20))
        },
      })
      const answer = upload(ask, { body, token })
      await vi.waitFor(async () => {
        await vi.advanceTimersByTimeAsync(10_000)
        expect(await Promise.race([answer, "waiting"])).toMatchObject({ status: 400 })
      })
      expect((await (await answer).json()).errors[0].detail).toBe("the body did not arrive whole")
    } finally {
      vi.useRealTimers()
    }
    expect(files()).toEqual([])
  })

  test("who is not logged in uploads nothing", async () => {
    const ask = await bind(await start())
    const answer = await upload(ask, form(png()))
    expect([answer.status, (await answer.json()).code]).toEqual([401, "token_missing"])
  })

  test.each([
    "/avatars/",
    "/avatars/..%2Flogin.db",
    "/avatars/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/avatars/0123456789abcdefghijklmnop.png",
    "/avatars/0123456789abcdefghijklmnop.png%00",
    "/avatars/0123456789ABCDEFGHIJKLMNOP.png",
    "/avatars/0123456789abcdefghijklmnop.png.part",
  ])("%s is a 404", async path => {
    const ask = await bind(await start())
    expect((await ask(path)).status).toBe(404)
  })
})

function cutOff() {
  const whole = form(png())
  return { ...whole, body: whole.body.subarray(0, -20) }
}

function twoFiles() {
  const end = "------WxFormBoundary0--\r\n"
  const { body } = form(png(), { field: "other" })
  return form(png(), { fields: body.toString("latin1").slice(0, -end.length) })
}

function manyFields() {
  const field = '------WxFormBoundary0\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n'
  return form(png(), { fields: field.repeat(100) })
}

const fetchOf =
  (harness: Harness): Ask =>
  (path, init) =>
    harness.login.fetch(new Request(publicUrl + path, init))

async function uploaded(harness: Harness, token: string, picture: Uint8Array = png()): Promise<string> {
  const answer = await upload(fetchOf(harness), { body: picture, token })
  expect(answer.status).toBe(200)
  return (await answer.json()).avatar_url
}

test("fields beside the file, as wx.uploadFile sends them, are passed over", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const fields = '------WxFormBoundary0\r\nContent-Disposition: form-data; name="crop"\r\n\r\n1\r\n'
  expect((await upload(fetchOf(harness), { ...form(png(), { fields }), token })).status).toBe(200)
})

test("where the picture was taken is gone, how the camera was held is not", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const url = await uploaded(harness, token, jpeg([exif(6)]))
  const shown = Buffer.from(await (await fetchOf(harness)(pathOf(url))).arrayBuffer()).toString("latin1")
  expect(shown).toContain("Exif")
  expect(shown).not.toContain("39.9042")
})

test("a new avatar takes the place of the one before, whose file is gone; so does another address, or none", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const first = await uploaded(harness, token)
  const second = await uploaded(harness, token)
  expect(second).not.toBe(first)
  expect(files()).toEqual([second.split("/").at(-1)])
  expect((await fetchOf(harness)(pathOf(first))).status).toBe(404)
  const patch = (avatar_url: string | null) => harness.send("PATCH", "/me", { token, body: { avatar_url } })
  expect((await patch(second)).body.avatar_url).toBe(second)
  expect(files()).toHaveLength(1)
  expect((await harness.send("PATCH", "/me", { token, body: { nickname: "小明" } })).body.avatar_url).toBe(
    second,
  )
  expect(files()).toHaveLength(1)
  expect((await patch("https://thirdwx.qlogo.cn/mmopen/132")).body.avatar_url).toContain("qlogo")
  expect(files()).toEqual([])
  await uploaded(harness, token)
  expect((await patch(null)).body.avatar_url).toBeNull()
  expect(files()).toEqual([])
})

test("an avatar_url is of an origin that is allowed, or a picture of one's own that is kept here", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const { access_token: other } = await harness.logIn("hong")
  const theirs = await uploaded(harness, other)
  for (const avatar_url of [
    "https://evil.example/a.png",
    "http://thirdwx.qlogo.cn/a.png",
    "https://thirdwx.qlogo.cn.evil.example/a.png",
    "https://thirdwx.qlogo.cn@evil.example/a.png",
    "https://evil.example@thirdwx.qlogo.cn/a.png",
    "https://thirdwx.qlogo.cn:8443/a.png",
    `${publicUrl}/avatars/0123456789abcdefghijklmnop.png`,
    `${publicUrl}/logout`,
    theirs,
  ]) {
    const { status, body } = await harness.send("PATCH", "/me", { token, body: { avatar_url } })
    expect([avatar_url, status, body.code, body.errors?.[0]?.pointer]).toEqual([
      avatar_url,
      400,
      "invalid_request",
      "/avatar_url",
    ])
  }
  expect((await harness.send("GET", "/me", { token: other })).body.avatar_url).toBe(theirs)
})

test("avatarOrigins says which other ones", async () => {
  const harness = await start({ avatarOrigins: ["https://cdn.example.com"] })
  const { access_token: token } = await harness.logIn("ming")
  const patch = async (avatar_url: string) =>
    (await harness.send("PATCH", "/me", { token, body: { avatar_url } })).status
  expect(await patch("https://cdn.example.com/a.png")).toBe(200)
  expect(await patch("https://thirdwx.qlogo.cn/a.png")).toBe(400)
})

test("16 uploads at once leave one file, and it is the one that is shown", async () => {
  const harness = await start({ store: `sqlite:${join(root, `race${count}.db`)}` })
  const { access_token: token, user } = await harness.logIn("ming")
  const urls = await Promise.all(
    Array.from({ length: 16 }, (_, n) => uploaded(harness, token, png(16 + n, 16))),
  )
  expect(new Set(urls).size).toBe(16)
  const { avatar_url } = (await harness.send("GET", "/me", { token })).body
  expect(files()).toEqual([avatar_url.split("/").at(-1)])
  const events = await harness.login.audit.list(user.id)
  expect(events.filter(({ type }) => type === "user.updated")).toHaveLength(16)
})

test("who uploads sixty times an hour has to wait", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const send = () => upload(fetchOf(harness), { body: Buffer.from("x"), token })
  for (let n = 0; n < 60; n += 1) expect((await send()).status).toBe(400)
  const answer = await send()
  expect([answer.status, answer.headers.has("retry-after")]).toEqual([429, true])
})

test("without a storage there is no such path, and an app keeps its own /avatars", async () => {
  const harness = await startHarness()
  closing.push(() => harness.close())
  const { access_token: token } = await harness.logIn("ming")
  expect((await upload(fetchOf(harness), { body: png(), token })).status).toBe(404)
  expect(harness.login.answers("GET", "/avatars/x")).toBe(false)
  expect(harness.login.answers("POST", "/me/avatar")).toBe(false)
})

test.each([
  [{ storage: "./data/avatars", publicUrl }, 'avatars.storage must be a folder, "file:./data/avatars"'],
  [{ storage: "file:./data/avatars" }, "avatars.publicUrl is missing"],
  [{ storage: "file:./data/avatars", publicUrl: `${publicUrl}/` }, "avatars.publicUrl must look like"],
  [{ storage: "file:./data/avatars", publicUrl, maxBytes: 0 }, "avatars.maxBytes must be a whole number"],
  [{ storage: { put() {} } as never }, "avatars.storage has no remove"],
])("a wrong option says what to write: %s", async (avatars, message) => {
  await expect(startHarness({ avatars })).rejects.toThrow(message)
})

test.each([["http://cdn.example.com"], ["https://cdn.example.com/"]])(
  "avatarOrigins must be exact https origins, not %s",
  async origin => {
    await expect(startHarness({ avatarOrigins: [origin] })).rejects.toThrow("avatarOrigins")
  },
)

test("a client that goes away in the middle leaves nothing, and the server goes on", async () => {
  const harness = await start()
  const server = createServer(harness.login.node)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  closing.push(async () => server.close())
  const { access_token: token } = await harness.logIn("ming")
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1")
  socket.write(
    `POST /me/avatar HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 1000\r\n\r\nabc`,
  )
  await once(server, "request")
  socket.destroy()
  await uploaded(harness, token)
  expect(files()).toHaveLength(1)
})
