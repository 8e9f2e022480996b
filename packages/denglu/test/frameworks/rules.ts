import type { Guard, Login } from "denglu"
import { createVerifier, type Verifier } from "denglu/verifier"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Harness, startHarness } from "../support/harness.ts"
import { memoryAvatars } from "../support/memory-avatars.ts"
import { form, png } from "../support/pictures.ts"
import { bearer, type Listening, post } from "./listen.ts"

/**
 * Starts a framework's server with the login's routes, `GET /orders` behind `requireUser(guard)` that answers
 * `{ of: user.id, appid: user.appid }`, and `GET /free` that answers `{ free: true }`.
 */
export type StartServer = (login: Login, guard: Guard) => Promise<Listening>

/** What holds in every framework. */
export function rulesOfEveryFramework(name: string, start: StartServer): void {
  describe(`${name}, as every framework`, () => {
    let harness: Harness
    let server: Listening
    const toClose: (() => Promise<void> | void)[] = []

    beforeEach(async () => {
      harness = await startHarness({ avatars: { storage: memoryAvatars() } })
      server = await start(harness.login, harness.login)
      toClose.push(() => harness.close(), server.close)
    })
    afterEach(async () => {
      for (const close of toClose.splice(0).reverse()) await close()
    })

    const logIn = async (person: string) => {
      const answer = await server.ask("/login", post({ code: harness.code(person) }))
      expect(answer.status, answer.body.code).toBe(200)
      return answer.body
    }

    test("who logged in through the mounted routes is known to a business route, the second time too", async () => {
      const { access_token, user } = await logIn("alice")
      for (const _time of [1, 2]) {
        const answer = await server.ask("/orders", bearer(access_token))
        expect([answer.status, answer.body]).toEqual([200, { of: user.id, appid: harness.appid }])
      }
    })

    test("the other routes of the login answer: /me, /refresh, /me/sessions/:id, /.well-known/jwks.json", async () => {
      const { access_token, refresh_token, session_id, user } = await logIn("alice")
      expect((await server.ask("/me", bearer(access_token))).body.id).toBe(user.id)
      expect((await server.ask("/.well-known/jwks.json")).body.keys).not.toEqual([])
      expect((await server.ask("/refresh", post({ refresh_token }))).status).toBe(200)
      const ended = await server.ask(`/me/sessions/${session_id}`, {
        method: "DELETE",
        ...bearer(access_token),
      })
      expect([ended.status, ended.body]).toEqual([204, ""])
    })

    test("a picture that is uploaded, in a form or by itself, is shown byte by byte", async () => {
      const { access_token } = await logIn("alice")
      const { contentType, body } = form(png())
      for (const [type, sent] of [
        [contentType, body],
        ["image/png", png()],
      ] as const) {
        const headers = { "content-type": type, authorization: `Bearer ${access_token}` }
        const kept = await server.ask("/me/avatar", { method: "POST", headers, body: new Uint8Array(sent) })
        expect([kept.status, kept.body.code]).toEqual([200, undefined])
        const { pathname } = new URL(kept.body.avatar_url)
        const shown = await server.ask(pathname)
        expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "image/png"])
        expect(shown.body).toBe(new TextDecoder().decode(png()))
      }
    })

    test("routes that are not the login's are untouched", async () => {
      const answer = await server.ask("/free")
      expect([answer.status, answer.body]).toEqual([200, { free: true }])
      expect((await server.ask("/nowhere")).body?.code).toBeUndefined()
    })

    test("a login that fails answers its problem, with the places that are wrong", async () => {
      const answer = await server.ask("/login", post({}))
      expect([answer.status, answer.body.code, answer.body.errors.length]).toEqual([
        400,
        "invalid_request",
        1,
      ])
      const broken = await server.ask("/login", { ...post({}), body: "{" })
      expect([broken.status, broken.body.code]).toEqual([400, "invalid_request"])
    })

    test("without a token: 401 with a bare challenge, and the handler is not called", async () => {
      const { status, headers, body } = await server.ask("/orders")
      expect([status, body.code]).toEqual([401, "token_missing"])
      expect(headers.get("content-type")).toMatch(/^application\/problem\+json/)
      expect(headers.get("www-authenticate")).toBe('Bearer realm="denglu"')
      expect(body.of).toBeUndefined()
    })

    test("with a wrong token: 401 token_invalid, the same the second time", async () => {
      const { access_token } = await logIn("alice")
      for (const token of ["nonsense", `${access_token.slice(0, -6)}AAAAAA`]) {
        for (const _time of [1, 2]) {
          const { status, headers, body } = await server.ask("/orders", bearer(token))
          expect([status, body.code]).toEqual([401, "token_invalid"])
          expect(headers.get("www-authenticate")).toContain('error="invalid_token"')
        }
      }
    })

    test.each([
      [0, "never seen"],
      [1, "remembered"],
    ])("with a token that is over: 401 token_expired (%i requests before: %s)", async before => {
      const { access_token } = await logIn("alice")
      for (let i = 0; i < before; i++) await server.ask("/orders", bearer(access_token))
      harness.advance(31 * 60_000)
      const { status, body } = await server.ask("/orders", bearer(access_token))
      expect([status, body.code]).toEqual([401, "token_expired"])
    })

    test("after the logout: 401 session_revoked, though the token was remembered", async () => {
      const { access_token } = await logIn("alice")
      expect((await server.ask("/orders", bearer(access_token))).status).toBe(200)
      await server.ask("/logout", { ...post({}), headers: { authorization: `Bearer ${access_token}` } })
      const { status, body } = await server.ask("/orders", bearer(access_token))
      expect([status, body.code]).toEqual([401, "session_revoked"])
    })

    test("who prefers Chinese reads the remedy in Chinese", async () => {
      const { headers, body } = await server.ask("/orders", {
        headers: { "accept-language": "zh-CN,zh;q=0.9" },
      })
      expect(headers.get("content-language")).toBe("zh-CN")
      expect(body.remedy).toMatch(/\p{Script=Han}/u)
    })

    test("a refusal of HEAD has no body and leaves the connection usable", async () => {
      const answer = await server.ask("/orders", { method: "HEAD" })
      expect([answer.status, answer.body]).toEqual([401, ""])
      expect((await server.ask("/free")).status).toBe(200)
    })

    test("the guard may be a verifier, which knows the login by its address only", async () => {
      const verifier: Verifier = createVerifier({
        jwksUrl: "http://login.test/.well-known/jwks.json",
        issuer: "denglu",
        audience: "denglu",
        clock: harness.now,
        fetch: (input, init) => harness.login.fetch(new Request(input, init)),
      })
      const second = await start(harness.login, verifier)
      toClose.push(() => verifier.close(), second.close)
      const { access_token, user } = await logIn("alice")
      for (const _time of [1, 2]) {
        expect((await second.ask("/orders", bearer(access_token))).body.of).toBe(user.id)
      }
      expect((await second.ask("/orders", bearer("nonsense"))).body.code).toBe("token_invalid")
    })
  })
}
