import { createRandomBytes, newId } from "../../../packages/denglu/src/random.ts"
import { createRefreshTokens } from "../../../packages/denglu/src/session/refresh-token.ts"
import { createSealer, sessionKeyBinding } from "../../../packages/denglu/src/session/sealer.ts"
import { createSecretRing } from "../../../packages/denglu/src/session/secret-ring.ts"
import type { LogInEntry, Store } from "../../../packages/denglu/src/store/store.ts"
import { benchApp, benchSecret } from "./bench-app.ts"
import { codeOf, sessionAnswer } from "./session-answer.ts"

const day = 86_400_000
/** As WeChat sends it from a telephone; `login.lua` sends it too. */
const userAgent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
  "Mobile/15E148 MicroMessenger/8.0.50(0x1800323b) NetType/WIFI Language/zh_CN"

/**
 * Logs people in as the product does, with no HTTP and no WeChat before it: the same rows, in the order in which they would come to be. Answers a
 * refresh token for every `tokenEvery`-th session.
 */
export async function logPeopleIn(
  store: Store,
  {
    people,
    sessions,
    tokenEvery,
  }: { readonly people: number; readonly sessions: number; readonly tokenEvery: number },
): Promise<readonly string[]> {
  const ring = createSecretRing([benchSecret])
  const random = createRandomBytes()
  const sealer = createSealer(ring, random)
  const refreshTokens = createRefreshTokens(ring)
  const tokens: string[] = []
  let next = 0

  function entryOf(person: number): LogInEntry {
    const answer = JSON.parse(sessionAnswer(`?js_code=${codeOf(person, 0)}`)) as Record<string, string>
    const { openid = "", unionid = "", session_key: sessionKey = "" } = answer
    const now = Date.now()
    return {
      now,
      appid: benchApp.appid,
      openid,
      unionid,
      openPlatform: "default",
      sessionKey: {
        sealed: sealer.seal(sessionKeyBinding(benchApp.appid, openid), sessionKey),
        fingerprint: sealer.fingerprint(sessionKey),
      },
      newUserId: newId(random),
      session: {
        id: newId(random),
        idleExpiresAt: now + 30 * day,
        absoluteExpiresAt: now + 180 * day,
        userAgent,
      },
    }
  }

  async function client(): Promise<void> {
    while (next < sessions) {
      const number = next
      next += 1
      const outcome = await store.logIn(entryOf(number % people))
      if (outcome.kind === "leaving") throw new Error("nobody leaves here")
      const { session } = outcome
      if (number % tokenEvery === 0) tokens.push(refreshTokens.issue({ sessionId: session.id, counter: 0 }))
    }
  }

  await Promise.all(Array.from({ length: 1_024 }, client))
  return tokens
}
