import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { createVerifier, type Verifier } from "denglu/verifier"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { afterEach, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"

let harness: Harness
let server: Server
let verifier: Verifier

/** A login server on a real port, and a verifier as another service would have it: it knows the URL and nothing else. */
async function start(options: Partial<Parameters<typeof createVerifier>[0]> = {}) {
  harness = await startHarness({ limits: false })
  server = createServer(harness.login.node)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  verifier = createVerifier({
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    issuer: "denglu",
    audience: "denglu",
    clock: () => harness.now(),
    ...options,
  })
}

afterEach(async () => {
  verifier.close()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  await harness.close()
})

const refusal = (token: string) =>
  verifier.verify(token).then(
    () => "accepted",
    (error: { code: string }) => error.code,
  )

test("it accepts a token by the published keys, and answers whose it is", async () => {
  await start()
  const { access_token: token, user, session_id: sessionId } = await harness.logIn("alice")
  expect(await verifier.verify(token)).toMatchObject({ userId: user.id, sessionId, appid: harness.appid })
  expect(verifier.authenticate(`Bearer ${token}`)).toMatchObject({ userId: user.id })
})

test("jose's remote key set accepts it too, by the address alone", async () => {
  await start()
  const { access_token: token, user } = await harness.logIn("alice")
  const { port } = server.address() as AddressInfo
  const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`))
  const currentDate = new Date(harness.now())
  const { payload } = await jwtVerify(token, keys, { issuer: "denglu", audience: "denglu", currentDate })
  expect(payload.sub).toBe(user.id)
})

test("it refuses a token within a second of the logout", async () => {
  await start()
  const { access_token: token } = await harness.logIn("alice")
  expect(await refusal(token)).toBe("accepted")
  await harness.send("POST", "/logout", { token })
  const loggedOutAt = performance.now()
  while ((await refusal(token)) === "accepted" && performance.now() - loggedOutAt < 1000)
    await new Promise(resolve => setTimeout(resolve, 5))
  expect(await refusal(token)).toBe("session_revoked")
  expect(performance.now() - loggedOutAt).toBeLessThan(1000)
})

test("it refuses what was revoked before it started", async () => {
  await start()
  const { access_token: token } = await harness.logIn("alice")
  await harness.send("POST", "/logout", { token })
  expect(await refusal(token)).toBe("session_revoked")
})

test("it takes up new keys by itself", async () => {
  await start()
  await verifier.verify((await harness.logIn("alice")).access_token)
  await harness.login.keys.rotate()
  expect(await refusal((await harness.logIn("alice")).access_token)).toBe("accepted")
})

test("it refuses another audience, an expired token and a changed one", async () => {
  await start()
  const { access_token: token } = await harness.logIn("alice")
  expect(await refusal(`${token.slice(0, -4)}AAAA`)).toBe("token_invalid")
  expect(await refusal("nonsense")).toBe("token_invalid")
  expect(await refusal(token)).toBe("accepted")
  harness.advance(1_806_000)
  expect(await refusal(token)).toBe("token_expired")
})

test("keys that can't be fetched are a 503, not a wrong token", async () => {
  await start({ jwksUrl: "http://127.0.0.1:9/.well-known/jwks.json" })
  expect(await refusal((await harness.logIn("alice")).access_token)).toBe("store_unavailable")
})

test("the feed answers only what is newer than its cursor, and waits for it", async () => {
  await start()
  const first = await harness.logIn("alice")
  const second = await harness.logIn("bob")
  await harness.send("POST", "/logout", { token: first.access_token })
  const page = (await harness.send("GET", "/.well-known/revocations")).body
  expect(page.revocations.map((entry: { sid: string }) => entry.sid)).toEqual([first.session_id])
  const waiting = harness.send("GET", `/.well-known/revocations?since=${page.cursor}&wait=20`)
  await harness.send("POST", "/logout", { token: second.access_token })
  expect((await waiting).body.revocations.map((entry: { sid: string }) => entry.sid)).toEqual([
    second.session_id,
  ])
})

test("the feed forgets what no token can outlive", async () => {
  await start()
  const { access_token: token } = await harness.logIn("alice")
  await harness.send("POST", "/logout", { token })
  harness.advance(1_860_001)
  await expect
    .poll(async () => (await harness.send("GET", "/.well-known/revocations")).body.revocations, {
      timeout: 5000,
    })
    .toEqual([])
})
