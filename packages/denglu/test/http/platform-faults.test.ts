import { faultKinds } from "@denglu/simulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import {
  own,
  type PlatformHarness,
  platformAppid,
  shop,
  startPlatformHarness,
} from "../support/platform-harness.ts"

let harness: PlatformHarness
beforeAll(async () => {
  // One for all: after each fault everything has to work again.
  harness = await startPlatformHarness({
    options: { limits: false, wechat: { timeoutMs: 400 } },
    rotateRefreshTokens: true,
  })
  await harness.setUp()
  await harness.login.appTokens.get(shop)
})
afterAll(() => harness.close())

/** What may be answered when WeChat fails; never a 500 that says nothing. */
const documented = [
  "wechat_unreachable",
  "wechat_busy",
  "wechat_rate_limited",
  "code_invalid",
  "code_blocked",
  "app_misconfigured",
]

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    error => String(Object(error).code),
  )

/** What asks each endpoint, as `done` or the code of its error. */
const asks: Readonly<Record<string, () => Promise<string>>> = {
  component_jscode2session: async () => {
    const { status, body } = await harness.logIn(shop, "alice")
    return status === 200 ? "done" : String(body.code)
  },
  api_component_token: async () => {
    // The token at hand is over.
    harness.advance(7_200_000)
    const { status, body } = await harness.logIn(shop, "alice")
    return status === 200 ? "done" : String(body.code)
  },
  api_authorizer_token: () => {
    harness.advance(7_200_000)
    return codeOf(harness.login.appTokens.get(shop))
  },
  api_query_auth: () => {
    const { authorizationCode } = harness.simulator.authorize({ appid: shop, push: false })
    return codeOf(harness.login.platforms.completeAuthorization(platformAppid, authorizationCode))
  },
  api_get_authorizer_info: () => codeOf(harness.login.platforms.adopt(platformAppid, shop)),
  api_create_preauthcode: () =>
    codeOf(harness.login.platforms.authorizationUrl(platformAppid, { redirectUri: "https://example.com/" })),
  api_start_push_ticket: () => codeOf(harness.login.platforms.startTicketPush(platformAppid)),
}

describe.each(Object.keys(asks))("%s", endpoint => {
  test.each(faultKinds.flatMap(kind => [false, true].map(afterConsume => ({ kind, afterConsume }))))(
    "$kind (after its work: $afterConsume) has a documented answer, own apps log in, and afterwards all is well",
    async ({ kind, afterConsume }) => {
      const { simulator, logIn } = harness
      const ask = asks[endpoint] as () => Promise<string>
      await simulator.pushTicket()
      simulator.faults.add({ kind, endpoint, afterConsume, delayMs: 600 })
      const code = await ask()
      expect(documented).toContain(code)
      expect((await logIn(own, "alice")).status).toBe(200)
      simulator.faults.clear()
      // What was noted of the failure is forgotten, and a breaker tries again.
      harness.advance(60_000)
      await simulator.pushTicket()
      await simulator.authorize({ appid: shop }).pushed
      expect(await ask()).toBe("done")
      expect((await logIn(shop, "alice")).status).toBe(200)
      expect(await codeOf(harness.login.appTokens.get(shop))).toBe("done")
    },
  )
})

test("nothing of it has left a secret in the log", () => {
  const { secret = "", encodingAesKey = "" } = harness.simulator.state().platforms[0] ?? {}
  const said = harness.logged.join()
  expect(said).not.toMatch(/(ticket|refreshtoken|queryauthcode|preauthcode)@@@/)
  for (const text of [secret, encodingAesKey]) expect(said).not.toContain(text)
})
