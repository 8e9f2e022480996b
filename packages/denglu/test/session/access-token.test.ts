import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto"
import { createVerifier as createFastVerifier } from "fast-jwt"
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
beforeEach(async () => {
  harness = await startHarness({ limits: false })
})
afterEach(() => harness.close())

const me = async (token: string) => {
  const answer = await harness.send("GET", "/me", { token })
  return answer.status === 200 ? "accepted" : answer.body.code
}
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString())

test("it is a JWT as RFC 9068 has it", async () => {
  const { access_token: token, user, session_id: sid } = await harness.logIn("alice")
  expect(decodeProtectedHeader(token)).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: expect.any(String) })
  expect(decodeJwt(token)).toEqual({
    iss: "denglu",
    aud: "denglu",
    sub: user.id,
    client_id: harness.appid,
    sid,
    iat: expect.any(Number),
    exp: expect.any(Number),
    jti: expect.any(String),
  })
})

test("jose and fast-jwt verify it with the published keys", async () => {
  const { access_token: token } = await harness.logIn("alice")
  const jwks = (await harness.send("GET", "/.well-known/jwks.json")).body
  const currentDate = new Date(harness.now())
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: "denglu",
    audience: "denglu",
    typ: "at+jwt",
    currentDate,
  })
  const { kid } = decodeProtectedHeader(token)
  const jwk = jwks.keys.find((key: { kid: string }) => key.kid === kid)
  const pem = createPublicKey({ key: jwk, format: "jwk" }).export({ format: "pem", type: "spki" }).toString()
  const fast = createFastVerifier({
    key: pem,
    algorithms: ["EdDSA"],
    allowedIss: "denglu",
    allowedAud: "denglu",
    clockTimestamp: +currentDate,
  })
  expect(fast(token)).toEqual(payload)
})

test("the published keys hold nothing private", async () => {
  const { body } = await harness.send("GET", "/.well-known/jwks.json")
  expect(body.keys.length).toBeGreaterThanOrEqual(2)
  for (const key of body.keys)
    expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"])
})

test("openid is in the token only if asked for", async () => {
  const plain = await harness.logIn("alice")
  expect(decodeJwt(plain.access_token)).not.toHaveProperty("openid")
  await harness.close()
  harness = await startHarness({ claims: ["openid"] })
  const asked = await harness.logIn("alice")
  const { openid } = decodeJwt(asked.access_token)
  expect(openid).toHaveLength(28)
  expect(await harness.login.verify(asked.access_token)).toMatchObject({ openid })
})

test("it ends when it says, to the second", async () => {
  const { access_token: token, expires_in: expiresIn } = await harness.logIn("alice")
  const { exp = 0, iat = 0 } = decodeJwt(token)
  expect(exp - iat).toBe(expiresIn)
  harness.advance(exp * 1000 - 1 - harness.now())
  expect(await me(token)).toBe("accepted")
  harness.advance(1)
  expect(await me(token)).toBe("token_expired")
})

test("the ends of tokens issued together are spread over five percent", async () => {
  const lives = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => (await harness.logIn(`p${index}`)).expires_in),
  )
  expect(Math.min(...lives)).toBeGreaterThanOrEqual(1710)
  expect(Math.max(...lives)).toBeLessThanOrEqual(1800)
  expect(new Set(lives).size).toBeGreaterThan(10)
})

describe("a changed token is refused, whether or not the good one is remembered", () => {
  const { privateKey } = generateKeyPairSync("ed25519")
  const signedBy = (header: unknown, payload: unknown) => {
    const text = `${encode(header)}.${encode(payload)}`
    return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`
  }
  type Parts = { header: Record<string, unknown>; payload: Record<string, unknown>; token: string }
  const changes: [string, (parts: Parts) => string][] = [
    ["alg none", ({ header, payload }) => `${encode({ ...header, alg: "none" })}.${encode(payload)}.`],
    [
      "alg None, signature kept",
      ({ header, token }) => token.replace(/^[^.]+/, encode({ ...header, alg: "None" })),
    ],
    [
      "HMAC under the public key",
      ({ header, payload }) => {
        const text = `${encode({ ...header, alg: "HS256" })}.${encode(payload)}`
        return `${text}.${createHmac("sha256", "public").update(text).digest("base64url")}`
      },
    ],
    ["another key, our kid", ({ header, payload }) => signedBy(header, payload)],
    [
      "another key in the header",
      ({ header, payload }) => signedBy({ ...header, jwk: { kty: "OKP" } }, payload),
    ],
    ["jku", ({ header, payload }) => signedBy({ ...header, jku: "https://evil.example/jwks" }, payload)],
    [
      "a kid that is a path",
      ({ header, payload }) => signedBy({ ...header, kid: "../../etc/passwd" }, payload),
    ],
    ["a kid that is SQL", ({ header, payload }) => signedBy({ ...header, kid: "' OR 1=1 --" }, payload)],
    ["crit", ({ header, payload }) => signedBy({ ...header, crit: ["exp"] }, payload)],
    ["typ JWT", ({ header, token }) => token.replace(/^[^.]+/, encode({ ...header, typ: "JWT" }))],
    ["no typ", ({ header: { typ: _, ...header }, token }) => token.replace(/^[^.]+/, encode(header))],
    [
      "another user",
      ({ payload, token }) => token.replace(/\.[^.]+\./, `.${encode({ ...payload, sub: "0".repeat(26) })}.`),
    ],
    [
      "a later end",
      ({ payload, token }) => token.replace(/\.[^.]+\./, `.${encode({ ...payload, exp: 4e9 })}.`),
    ],
    ["another signature", ({ token }) => token.replace(/[^.]+$/, "A".repeat(86))],
    ["no signature", ({ token }) => token.replace(/[^.]+$/, "")],
    ["two parts", ({ token }) => token.replace(/\.[^.]+$/, "")],
    ["four parts", ({ token }) => `${token}.AAAA`],
    ["five parts, as a JWE", ({ token }) => `${token}.AAAA.AAAA`],
    [
      "the last sign's spare bits",
      ({ token }) => token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1),
    ],
    ["padding", ({ token }) => `${token}=`],
    ["a megabyte", () => `a.${"b".repeat(1_000_000)}.c`],
    ["dots", () => "..."],
  ]
  test.each(changes)("%s", async (_name, change) => {
    const { access_token: token } = await harness.logIn("alice")
    const [header = "", payload = ""] = token.split(".")
    const changed = change({ header: decode(header), payload: decode(payload), token })
    expect(changed).not.toBe(token)
    expect(await me(token)).toBe("accepted")
    expect(["token_invalid", "invalid_request"]).toContain(await me(changed))
  })
})

test("a token for another audience or from another issuer is refused", async () => {
  const { access_token: token } = await harness.logIn("alice")
  const { now } = harness
  const other = await startHarness({ audience: "other", clock: now })
  const answer = await other.send("GET", "/me", { token })
  expect([answer.status, answer.body.code]).toEqual([401, "token_invalid"])
  await other.close()
})

test("a refresh token is no access token", async () => {
  const { refresh_token: token } = await harness.logIn("alice")
  expect(await me(token)).toBe("token_invalid")
})
