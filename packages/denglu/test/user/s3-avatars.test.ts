import { s3Avatars } from "denglu/avatar-s3"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"
import { png } from "../support/pictures.ts"
import { type S3Server, s3Credentials, startS3 } from "../support/s3-server.ts"

let s3: S3Server
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  s3 = await startS3()
  closing.push(s3.close)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

type Options = Parameters<typeof s3Avatars>[0]

function storage(options: Partial<Options> = {}) {
  return s3Avatars({
    bucket: "pictures",
    region: "ap-guangzhou",
    endpoint: s3.url,
    credentials: s3Credentials,
    publicUrl: "https://pictures.example.com",
    forcePathStyle: true,
    ...options,
  })
}

async function start(options: Partial<Options> = {}): Promise<Harness> {
  const harness = await startHarness({ avatars: { storage: storage(options) } })
  closing.push(() => harness.close())
  return harness
}

async function upload({ login }: Harness, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const body = new Uint8Array(png())
  const answer = await login.fetch(
    new Request("http://login.test/me/avatar", { method: "POST", body, headers }),
  )
  return { status: answer.status, body: await answer.json() }
}

test("an avatar is an object of the bucket, and the one before it is removed from there", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  const first = await upload(harness, token)
  expect(first.body.avatar_url).toMatch(/^https:\/\/pictures\.example\.com\/avatars\/[0-9a-v]{26}\.png$/)
  const key = `pictures/${new URL(first.body.avatar_url).pathname.slice(1)}`
  expect(s3.objects).toEqual(
    new Map([
      [key, { bytes: png(), type: "image/png", cacheControl: "public, max-age=31536000, immutable" }],
    ]),
  )
  const second = await upload(harness, token)
  expect([...s3.objects.keys()]).toEqual([`pictures${new URL(second.body.avatar_url).pathname}`])
  expect(s3.log.map(line => line.split(" ").filter((_, n) => n !== 1))).toEqual([
    ["PUT", "200"],
    ["PUT", "200"],
    ["DELETE", "204"],
  ])
  expect(harness.login.answers("GET", "/avatars/x")).toBe(false)
  await harness.send("PATCH", "/me", { token, body: { avatar_url: null } })
  expect(s3.objects.size).toBe(0)
})

test("with a wrong key nothing is believed: 503, and the log doesn't tell the key", async () => {
  const secretAccessKey = "another-key-that-is-wrong"
  const harness = await start({ credentials: { ...s3Credentials, secretAccessKey } })
  const { access_token: token } = await harness.logIn("ming")
  const { status, body } = await upload(harness, token)
  expect([status, body.code]).toEqual([503, "storage_unavailable"])
  expect(s3.objects.size).toBe(0)
  const told = harness.logged.join("\n")
  expect(told).toContain("SignatureDoesNotMatch")
  expect(told).not.toContain(secretAccessKey)
  expect(told).not.toContain(s3Credentials.accessKeyId)
})

test("one failure is tried once more, two are a 503", async () => {
  const harness = await start()
  const { access_token: token } = await harness.logIn("ming")
  s3.fails.push(500)
  expect((await upload(harness, token)).status).toBe(200)
  s3.fails.push(500, 500)
  expect((await upload(harness, token)).status).toBe(503)
  expect(s3.objects.size).toBe(1)
})

test("a bucket that doesn't answer is given up when its time is over", async () => {
  const harness = await start({ timeoutMs: 200 })
  const { access_token: token } = await harness.logIn("ming")
  s3.hang = true
  const { status, body } = await upload(harness, token)
  expect([status, body.code]).toEqual([503, "storage_unavailable"])
  s3.hang = false
  expect((await upload(harness, token)).status).toBe(200)
})

test("removing what isn't there is fine, and a prefix may be left out", async () => {
  const bare = storage({ prefix: "" })
  const name = "0123456789abcdefghijklmnop.png"
  await bare.remove(name)
  await bare.put(name, { type: "image/png", bytes: new Uint8Array(png()) })
  expect([...s3.objects.keys()]).toEqual([`pictures/${name}`])
  expect(bare.url(name)).toBe(`https://pictures.example.com/${name}`)
})

test.each([
  [{ bucket: "" }, "bucket is missing"],
  [{ region: "" }, "region is missing"],
  [{ publicUrl: "https://pictures.example.com/" }, "publicUrl must look like"],
  [{ prefix: "../" }, "prefix must look like"],
  [{ prefix: "avatars" }, "prefix must look like"],
  [{ timeoutMs: 10_000 }, "timeoutMs must be"],
])("a wrong option says what to write: %j", (options, message) => {
  expect(() => storage(options)).toThrow(message)
})
