import type { News, Store } from "../store/store.ts"
import type { Redis } from "./open-redis.ts"

/** Where instances tell each other what has changed. */
export const channel = "denglu"

type Answer<Name extends keyof Store> = Required<Store>[Name] extends (
  ...given: never[]
) => Promise<infer Result>
  ? Result
  : never

/** How the answer tells that sessions have ended, where it does not name them as `endedSessions`. */
const tellsEnded: { readonly [Name in keyof Store]?: (answer: Answer<Name>) => boolean } = {
  rotateSession: ({ kind }) => kind === "reused",
  revokeSession: wasLive => wasLive,
  revokeUserSessions: ids => ids.length > 0,
  endSessionsOfLeaving: ended => ended.length > 0,
  eraseUser: ids => ids !== undefined,
  endStraySessions: ids => ids.length > 0,
}

/**
 * A store whose changes the other instances hear of by Redis, whatever method makes them: every answer is looked at. What gets lost they
 * find by asking, as without it.
 */
export function storeWithNews(store: Store, redis: Pick<Redis, "subscribe" | "publish">): Store {
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

  function onNews(listener: (news: News) => void): () => void {
    listeners.add(listener)
    const stop = store.onNews?.(listener)
    return () => {
      listeners.delete(listener)
      stop?.()
    }
  }

  const announcing =
    (name: string, method: (...given: unknown[]) => unknown) =>
    async (...given: unknown[]) => {
      const answer = await Reflect.apply(method, store, given)
      const news = newsIn(name, answer)
      if (news !== undefined) redis.publish(channel, news)
      return answer
    }

  // Not the store itself is behind it: one that is frozen would allow no other methods.
  return new Proxy<Store>(Object.create(store), {
    get(_, name) {
      if (name === "onNews") return onNews
      const member: unknown = Reflect.get(store, name)
      return typeof member === "function" && typeof name === "string"
        ? announcing(name, member as () => unknown)
        : member
    },
  })
}

function newsIn(name: string, answer: unknown): News | undefined {
  if (name === "replaceSigningKeys") return answer === true ? "signing_keys" : undefined
  const tells: ((answer: never) => boolean) | undefined = tellsEnded[name as keyof Store]
  return (tells ?? namesEnded)(answer as never) ? "revocations" : undefined
}

function namesEnded(answer: unknown): boolean {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "endedSessions" in answer &&
    (answer.endedSessions as readonly string[]).length > 0
  )
}
