import { createRandomBytes, newId } from "../../packages/denglu/src/random.ts"
import { createRefreshTokens } from "../../packages/denglu/src/session/refresh-token.ts"
import { createSealer, sessionKeyBinding } from "../../packages/denglu/src/session/sealer.ts"
import { createSecretRing } from "../../packages/denglu/src/session/secret-ring.ts"
import type { LogInEntry, Store } from "../../packages/denglu/src/store/store.ts"

const day = 86_400_000
/** Calls under way at once. */
const crowd = 1_024
/** As telephones and their owners' languages have them: longer than ASCII, and with what needs quoting. */
const userAgents = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) MicroMessenger/8.0.50(0x1800323b) NetType/WIFI Language/zh_CN",
  'Mozilla/5.0 (Linux; Android 14; "小米" 14 \\ 😀) MicroMessenger/8.0.49 NetType/5G',
  "",
]

export interface FillOptions {
  readonly secret: string
  /** Two apps of one open platform: who comes through the second is known by the `unionid`. */
  readonly appids: readonly [string, string]
  readonly sessions: number
  /** Refresh tokens to answer, of sessions all over the store. */
  readonly tokens: number
}

/**
 * Logs people in as the product does, with no HTTP and no WeChat before it: three sessions for two people, one in seven through another app, one in ten
 * refreshed, one in forty ended, one in fifty with a nickname. Answers refresh tokens of sessions that live.
 */
export async function fillStore(store: Store, options: FillOptions): Promise<readonly string[]> {
  const { secret, appids, sessions, tokens } = options
  const ring = createSecretRing([secret])
  const random = createRandomBytes()
  const sealer = createSealer(ring, random)
  const refreshTokens = createRefreshTokens(ring)
  const tokenEvery = Math.max(1, Math.floor(sessions / tokens))
  const issued: string[] = []
  let next = 0

  function entryOf(index: number): LogInEntry {
    const person = Math.floor((index * 2) / 3)
    const appid = index % 7 === 6 ? appids[1] : appids[0]
    const openid = `o${appid === appids[0] ? "A" : "B"}${String(person).padStart(26, "_")}`
    const sessionKey = Buffer.from(random(16)).toString("base64")
    const now = Date.now()
    return {
      now,
      appid,
      openid,
      ...(person % 3 === 0 ? {} : { unionid: `u${String(person).padStart(27, "-")}` }),
      openPlatform: "default",
      sessionKey: {
        sealed: sealer.seal(sessionKeyBinding(appid, openid), sessionKey),
        fingerprint: sealer.fingerprint(sessionKey),
      },
      newUserId: newId(random),
      session: {
        id: newId(random),
        idleExpiresAt: now + 30 * day,
        absoluteExpiresAt: now + 180 * day,
        userAgent: userAgents[index % userAgents.length] as string,
      },
    }
  }

  async function logIn(index: number): Promise<void> {
    const outcome = await store.logIn(entryOf(index))
    if (outcome.kind === "leaving") throw new Error("nobody leaves here")
    const { session, user } = outcome
    const { id, createdAt } = session
    let counter = 0
    if (index % 10 === 3) {
      await store.rotateSession({ id, counter, now: createdAt + 1, grace: 0, idle: 30 * day })
      counter += 1
    }
    if (index % 50 === 7)
      await store.changeProfile({
        userId: user.id,
        change: { nickname: `小明 '\\" ${index} 😀`, avatarUrl: null },
        now: createdAt,
        actor: "user",
        eventId: newId(random),
      })
    if (index % 40 === 5) await store.revokeSession(id, "logout", createdAt + 2)
    else if (index % tokenEvery < 2 && issued.length < tokens)
      issued.push(refreshTokens.issue({ sessionId: id, counter }))
  }

  await Promise.all(
    Array.from({ length: crowd }, async () => {
      while (next < sessions) {
        next += 1
        await logIn(next - 1)
      }
    }),
  )
  return issued
}
