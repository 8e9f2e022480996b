import type { SimulatedClock } from "./clock.ts"
import { newAccessToken } from "./identifiers.ts"

export interface HandedOut {
  readonly token: string
  /** Seconds. */
  readonly expiresIn: number
}

interface Family {
  current: { readonly token: string; readonly issuedAt: number; readonly expiresAt: number } | undefined
  forced: readonly number[]
  /** All that were handed out. */
  readonly tokens: string[]
}

/** Hands out access_tokens: two families that know nothing of each other, as WeChat has them. */
export interface TokenDesk {
  /** `GET /cgi-bin/token`: every call a new one; the one before stays good for five minutes. */
  classic(appid: string): HandedOut
  /** `POST /cgi-bin/stable_token`: the same one until its last five minutes. */
  stable(appid: string, forceRefresh: boolean): HandedOut | "quota"
  /** The token of a mini program for a platform it has authorised: every call a new one; the one before stays good for five minutes. */
  authorizer(platformAppid: string, appid: string): HandedOut
  /** Ends what {@link authorizer} has handed out, at once. */
  endAuthorizer(platformAppid: string, appid: string): void
  /** Whose token it is, and whether it still is one. */
  check(token: string): { readonly appid: string } | "unknown" | "expired"
  reset(): void
}

const life = 7_200_000
const overlap = 300_000
const forcedPerDay = 20
const forcedApart = 30_000

export function createTokenDesk(clock: SimulatedClock): TokenDesk {
  const issued = new Map<string, { readonly appid: string; validUntil: number }>()
  const families = new Map<string, Family>()

  function familyOf(name: string, appid: string): Family {
    const key = `${name} ${appid}`
    const family = families.get(key) ?? { current: undefined, forced: [], tokens: [] }
    families.set(key, family)
    return family
  }

  function renew(family: Family, appid: string, keepPrevious: number): HandedOut {
    const now = clock.now()
    const previous = family.current && issued.get(family.current.token)
    if (previous !== undefined) previous.validUntil = Math.min(previous.validUntil, now + keepPrevious)
    const token = newAccessToken()
    family.current = { token, issuedAt: now, expiresAt: now + life }
    family.tokens.push(token)
    issued.set(token, { appid, validUntil: now + life })
    return { token, expiresIn: life / 1000 }
  }

  return {
    classic: appid => renew(familyOf("classic", appid), appid, overlap),
    stable(appid, forceRefresh) {
      const family = familyOf("stable", appid)
      const now = clock.now()
      const { current } = family
      if (forceRefresh) {
        family.forced = family.forced.filter(at => at > now - 86_400_000)
        // Asked too soon after the last one, it simply does not refresh.
        if (now - (family.forced.at(-1) ?? Number.NEGATIVE_INFINITY) >= forcedApart) {
          if (family.forced.length >= forcedPerDay) return "quota"
          family.forced = [...family.forced, now]
          return renew(family, appid, 0)
        }
      }
      if (current === undefined || current.expiresAt - now <= overlap) return renew(family, appid, overlap)
      return { token: current.token, expiresIn: Math.floor((current.expiresAt - now) / 1000) }
    },
    authorizer: (platformAppid, appid) => renew(familyOf(platformAppid, appid), appid, overlap),
    endAuthorizer(platformAppid, appid) {
      for (const token of familyOf(platformAppid, appid).tokens) issued.delete(token)
      families.delete(`${platformAppid} ${appid}`)
    },
    check(token) {
      const known = issued.get(token)
      if (known === undefined) return "unknown"
      return known.validUntil > clock.now() ? { appid: known.appid } : "expired"
    },
    reset() {
      issued.clear()
      families.clear()
    },
  }
}
