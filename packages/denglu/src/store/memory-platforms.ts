import { authorizationEvent, authorized } from "./authorizer-rules.ts"
import { type KeptAuthorizer, type MemoryState, pairKey, type RunInMemory } from "./memory-state.ts"
import type { AuthorizerRecord, PlatformStore } from "./platform-store.ts"

/** What `sql/platforms.ts` keeps elsewhere. */
export function platformMethodsInMemory(state: MemoryState, run: RunInMemory): PlatformStore {
  const { platformTickets, authorizers, appTokens } = state

  const where = (matches: (authorizer: KeptAuthorizer) => boolean): AuthorizerRecord[] =>
    [...authorizers.values()].filter(matches).map(({ codeDigest: _, ...authorizer }) => authorizer)

  return {
    keepPlatformTicket: (platformAppid, ticket) =>
      run(() => {
        if ((platformTickets.get(platformAppid)?.issuedAt ?? -1) >= ticket.issuedAt) return false
        platformTickets.set(platformAppid, ticket)
        return true
      }),
    findPlatformTicket: platformAppid => run(() => platformTickets.get(platformAppid)),
    keepAuthorizer: authorization =>
      run(() => {
        const { platformAppid, appid, codeDigest } = authorization
        const key = pairKey(appid, platformAppid)
        const kept = authorizers.get(key)
        if (kept !== undefined && codeDigest !== null && kept.codeDigest === codeDigest) {
          const { codeDigest: _, ...authorizer } = kept
          return { isChanged: false, authorizer }
        }
        const authorizer = authorized(authorization, kept)
        authorizers.set(key, { ...authorizer, codeDigest })
        state.audit.push(authorizationEvent("platform.authorized", authorization))
        return { isChanged: true, authorizer }
      }),
    replaceRefreshToken: (platformAppid, appid, expected, sealedRefreshToken) =>
      run(() => {
        const key = pairKey(appid, platformAppid)
        const kept = authorizers.get(key)
        if (kept?.sealedRefreshToken !== expected || kept.revokedAt !== null) return false
        authorizers.set(key, { ...kept, sealedRefreshToken })
        return true
      }),
    revokeAuthorizer: revocation =>
      run(() => {
        const { platformAppid, appid, revokedAt, tokenName } = revocation
        const key = pairKey(appid, platformAppid)
        const kept = authorizers.get(key)
        if (kept === undefined || kept.revokedAt !== null || kept.authorizedAt > revokedAt) return false
        authorizers.set(key, { ...kept, revokedAt, sealedRefreshToken: null })
        const token = appTokens.get(tokenName)
        if (token !== undefined) appTokens.set(tokenName, { ...token, isRefused: true })
        state.audit.push(authorizationEvent("platform.unauthorized", revocation))
        return true
      }),
    findAuthorizers: appid =>
      run(() =>
        where(authorizer => authorizer.appid === appid).sort(
          (one, other) => other.authorizedAt - one.authorizedAt,
        ),
      ),
    findAuthorizerByCode: (platformAppid, digest) =>
      run(() => where(kept => kept.platformAppid === platformAppid && kept.codeDigest === digest)[0]),
    listAuthorizers: platformAppid =>
      run(() =>
        where(authorizer => authorizer.platformAppid === platformAppid).sort((one, other) =>
          one.appid < other.appid ? -1 : 1,
        ),
      ),
  }
}
