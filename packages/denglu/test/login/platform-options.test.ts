import { createLogin, type PlatformOptions } from "denglu"
import { expect, test } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"

const appid = "wx0123456789abcde0"
const tenant = "wx0123456789abcde1"
const secrets = {
  secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  token: "TokenOfThePlatform",
  key: "K".repeat(43),
}
const good = {
  appid,
  secret: secrets.secret,
  push: { token: secrets.token, encodingAesKey: secrets.key },
} satisfies PlatformOptions

const attempt = (platforms: unknown, apps: unknown = []) =>
  createLogin({
    apps: apps as [],
    platforms: platforms as PlatformOptions[],
    store: createMemoryStore(),
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-options",
  })

test.each([
  ["no list", {}, [], /platforms must be a list/],
  ["another appid", [{ ...good, appid: "gh_1" }], [], /^platforms: appid must be wx and 16 more/],
  ["a simulated one", [{ ...good, appid: "wxsimplatform00001" }], [], /belongs to a simulated WeChat/],
  ["one twice", [good, good], [], /names wx0123456789abcde0 twice/],
  ["no secret", [{ ...good, secret: undefined }], [], /^secret of platform wx0123456789abcde0 is missing/],
  ["no push", [{ ...good, push: undefined }], [], /^push of platform .* is missing: write push/],
  ["no key", [{ ...good, push: { token: secrets.token } }], [], /encodingAesKey .* is missing.*开发资料/],
  ["the plain mode", [{ ...good, push: { token: secrets.token, mode: "plain" } }], [], /encodingAesKey/],
  ["another token parameter", [{ ...good, tokenParameter: "token" }], [], /^tokenParameter of platform/],
  ["a long account", [{ ...good, openPlatform: "x".repeat(65) }], [], /^openPlatform must be a text/],
  ["an app of no platform", [good], [{ appid: tenant, platform: tenant }], /which is not in platforms/],
  [
    "an app with both",
    [good],
    [{ appid: tenant, platform: appid, secret: secrets.secret }],
    /say one of them/,
  ],
  ["an app twice", [{ ...good, apps: [{ appid: tenant }] }], [{ appid: tenant, platform: appid }], /twice/],
  [
    "an app of its own and a tenant",
    [{ ...good, apps: [{ appid: tenant }] }],
    [{ appid: tenant, secret: secrets.secret }],
    /twice/,
  ],
  ["a tenant that is none", [{ ...good, apps: [{ appid: "x" }] }], [], /^appid is not one of WeChat's/],
  ["neither app nor platform", [], [], /^apps is empty/],
] as const)(
  "%s is refused with what to write, and without a secret",
  async (_name, platforms, apps, message) => {
    const error = await attempt(platforms, apps).then(
      () => undefined,
      (refusal: Error) => refusal,
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(error?.message).toMatch(message)
    for (const secret of Object.values(secrets)) expect(error?.message).not.toContain(secret)
  },
)

test("a platform without an app of ours is enough", async () => {
  const login = await attempt([good])
  expect(await login.platforms.list(appid)).toEqual([])
  await login.close()
})
