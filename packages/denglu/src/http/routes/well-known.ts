import { JwksReply, RevocationsReply } from "../../protocol/well-known.ts"
import { route } from "../route.ts"

export const jwksRoute = route({
  method: "GET",
  path: "/.well-known/jwks.json",
  summary: "The public keys that access tokens verify with",
  auth: false,
  reply: JwksReply,
  cacheControl: "public, max-age=300",
  handle: ({ flow }) => ({ keys: [...flow.keys.jwks().keys] }),
})

const longestWait = 25

export const revocationsRoute = route({
  method: "GET",
  path: "/.well-known/revocations",
  summary: "Sessions revoked within one access-token life, for services without the store",
  auth: false,
  query: {
    since: { description: "The cursor of the last answer" },
    wait: { description: `Seconds to wait for something newer than the cursor, at most ${longestWait}` },
  },
  reply: RevocationsReply,
  async handle({ flow, query, signal }) {
    const since = query.get("since") ?? undefined
    const wait = Number(query.get("wait") ?? 0)
    if (since !== undefined && wait > 0)
      await flow.revoked.changed(since, Math.min(wait, longestWait) * 1000, signal())
    const { revocations, cursor } = flow.revoked.since(since)
    return {
      cursor,
      revocations: revocations.map(({ sessionId, revokedAt }) => ({
        sid: sessionId,
        revoked_at: Math.floor(revokedAt / 1000),
      })),
    }
  },
})
