import type { News, Store } from "../store/store.ts"
import type { Redis } from "./open-redis.ts"

const channel = "denglu"

/** A store whose changes the other instances hear of by Redis. What gets lost they find by asking, as without it. */
export function storeWithNews(store: Store, redis: Redis): Store {
  const listeners = new Set<(news: News) => void>()
  const tell = (news: News) => {
    for (const listener of listeners) listener(news)
  }
  redis.subscribe(channel, message => {
    if (message === "revocations" || message === "signing_keys") tell(message)
    if (message !== undefined) return
    tell("revocations")
    tell("signing_keys")
  })

  async function announcing<Result>(news: News, done: Promise<Result>, when: (result: Result) => boolean) {
    const result = await done
    if (when(result)) redis.publish(channel, news)
    return result
  }

  return {
    ...store,
    rotateSession: request =>
      announcing("revocations", store.rotateSession(request), ({ kind }) => kind === "reused"),
    revokeSession: (...given) => announcing("revocations", store.revokeSession(...given), wasLive => wasLive),
    revokeUserSessions: (...given) =>
      announcing("revocations", store.revokeUserSessions(...given), ids => ids.length > 0),
    leaveUser: request =>
      announcing(
        "revocations",
        store.leaveUser(request),
        outcome => outcome.kind !== "unknown" && outcome.endedSessions.length > 0,
      ),
    endSessionsOfLeaving: (...given) =>
      announcing("revocations", store.endSessionsOfLeaving(...given), ended => ended.length > 0),
    eraseUser: request => announcing("revocations", store.eraseUser(request), ids => ids !== undefined),
    mergeUsers: request => announcing("revocations", store.mergeUsers(request), outcome => hasEnded(outcome)),
    undoMerge: request => announcing("revocations", store.undoMerge(request), outcome => hasEnded(outcome)),
    detachIdentity: request =>
      announcing("revocations", store.detachIdentity(request), outcome => hasEnded(outcome)),
    bindPhone: binding => announcing("revocations", store.bindPhone(binding), outcome => hasEnded(outcome)),
    bindPhoneBySms: request =>
      announcing("revocations", store.bindPhoneBySms(request), outcome => hasEnded(outcome)),
    unbindPhone: request =>
      announcing("revocations", store.unbindPhone(request), outcome => hasEnded(outcome)),
    endStraySessions: (...given) =>
      announcing("revocations", store.endStraySessions(...given), ids => ids.length > 0),
    replaceSigningKeys: (...given) =>
      announcing("signing_keys", store.replaceSigningKeys(...given), replaced => replaced),
    onNews(listener) {
      listeners.add(listener)
      const stop = store.onNews?.(listener)
      return () => {
        listeners.delete(listener)
        stop?.()
      }
    },
  }
}

function hasEnded(outcome: object): boolean {
  return "endedSessions" in outcome && (outcome.endedSessions as readonly string[]).length > 0
}
