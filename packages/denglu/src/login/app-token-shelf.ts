import type { Clock } from "../clock.ts"
import { newId, type RandomBytes } from "../random.ts"
import type { Sealer } from "../session/sealer.ts"
import type { AppTokenStore } from "../store/store.ts"
import type { TokenShelf } from "../wechat/token-shelf.ts"

export interface AppTokenShelfOptions {
  readonly appid: string
  readonly store: AppTokenStore
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: RandomBytes
}

/** An app's access_token in the store, sealed. Each lease has a name of its own, by which a holder who comes too late is told from the next. */
export function createAppTokenShelf({
  appid,
  store,
  sealer,
  clock,
  random,
}: AppTokenShelfOptions): TokenShelf {
  const binding = JSON.stringify(["access_token", appid])
  let holder = ""
  return {
    async find() {
      const kept = await store.findAppToken(appid)
      const token = kept?.sealed == null ? undefined : open(kept.sealed)
      return {
        version: kept?.version ?? 0,
        token: token ?? "",
        // What can't be opened was sealed under a secret that is gone: as good as over.
        expiresAt: token === undefined ? 0 : (kept?.expiresAt ?? 0),
        forcedAt: kept?.forcedAt ?? 0,
        isRefused: kept?.isRefused ?? false,
      }
    },
    async lease(version, forMs) {
      const name = newId(random)
      const now = clock()
      const taken = await store.leaseAppToken(appid, { holder: name, version, now, until: now + forMs })
      if (taken) holder = name
      return taken
    },
    keep: ({ token, expiresAt, forcedAt }) =>
      store.keepAppToken(appid, holder, { sealed: sealer.seal(binding, token), expiresAt, forcedAt }),
    release: () => store.releaseAppToken(appid, holder),
    refuse: version => store.refuseAppToken(appid, version),
  }

  function open(sealed: string): string | undefined {
    try {
      return sealer.open(binding, sealed)
    } catch {
      return undefined
    }
  }
}
