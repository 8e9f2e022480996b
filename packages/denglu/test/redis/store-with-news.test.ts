import { expect, test } from "vitest"
import type { Redis } from "../../src/redis/open-redis.ts"
import { storeWithNews } from "../../src/redis/store-with-news.ts"
import { logIn, occasion, start } from "../../src/store/contract/store-case.ts"
import { storeContract } from "../../src/store/contract.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import type { Store } from "../../src/store/store.ts"

type Answer<Method> = Method extends (...given: never[]) => Promise<infer Result> ? Result : never

/** Methods that name the sessions they have ended. */
type NamesEnded = {
  [Name in keyof Store]-?: Extract<
    Answer<Required<Store>[Name]>,
    { readonly endedSessions: unknown }
  > extends never
    ? never
    : Name
}[keyof Store]

/** All of them: a new one does not compile until it stands here, and then the contract has to show that it ends sessions. */
const namesEnded: Readonly<Record<NamesEnded, true>> = {
  leaveUser: true,
  mergeUsers: true,
  undoMerge: true,
  detachIdentity: true,
  bindPhone: true,
  bindPhoneBySms: true,
  unbindPhone: true,
  setPassword: true,
  removePassword: true,
}

function notingRedis() {
  const published: string[] = []
  const redis: Pick<Redis, "subscribe" | "publish"> = {
    subscribe() {},
    publish: (_, message) => void published.push(message),
  }
  return { published, redis }
}

/** What each method has changed that the others must hear of, and which of it was not said. */
interface Watched {
  readonly changed: Set<string>
  readonly unsaid: Set<string>
}

/** Does one call after the other, and looks after each into the store itself, whatever the call answers. */
function watch(bare: Store, { changed, unsaid }: Watched): Store {
  const { published, redis } = notingRedis()
  const store = storeWithNews(bare, redis)
  let cursor = ""
  let keys = ""
  let line: Promise<unknown> = Promise.resolve()

  async function look(name: string): Promise<void> {
    const page = await bare.revocationsSince(cursor)
    const kids = (await bare.listSigningKeys()).map(({ kid, status }) => `${kid} ${status}`).join()
    const news = [
      ...(page.revocations.length > 0 ? ["revocations"] : []),
      ...(kids === keys ? [] : ["signing_keys"]),
    ]
    cursor = page.cursor
    keys = kids
    if (news.length > 0) changed.add(name)
    if (!news.every(of => published.includes(of))) unsaid.add(name)
  }

  async function call(name: string, work: () => Promise<unknown>): Promise<unknown> {
    published.length = 0
    try {
      return await work()
    } finally {
      // One that is closed has nothing to look at.
      await look(name).catch(() => {})
    }
  }

  return new Proxy(store, {
    get(_, name: keyof Store) {
      const method = store[name]
      if (typeof method !== "function" || name === "onNews") return method
      return (...given: unknown[]) => {
        const done = line.then(() => call(name, () => Reflect.apply(method, store, given)))
        line = done.catch(() => {})
        return done
      }
    },
  })
}

test("whatever ends sessions or changes signing keys is told to the others: in the contract nothing does so silently", {
  timeout: 120_000,
}, async () => {
  const watched: Watched = { changed: new Set(), unsaid: new Set() }
  for (const { run } of storeContract) {
    await run(async () => watch(createMemoryStore(), watched))
    await run(async () => watch(await openSqliteStore({ path: ":memory:" }), watched))
  }
  expect([...watched.unsaid]).toEqual([])
  expect([...watched.changed].sort()).toEqual(
    [
      ...Object.keys(namesEnded),
      "replaceSigningKeys",
      "revokeSession",
      "revokeUserSessions",
      "rotateSession",
    ].sort(),
  )
})

test("what only a login that was late leaves to be ended is told, too", async () => {
  const { published, redis } = notingRedis()
  let ended: readonly string[] = []
  const store = storeWithNews(
    {
      ...createMemoryStore(),
      endStraySessions: async () => [...ended],
      endSessionsOfLeaving: async () => ended.map(id => ({ userId: "alice", sessionIds: [id] })),
      eraseUser: async () => (ended.length > 0 ? ["alice"] : undefined),
    },
    redis,
  )
  const all = async () => {
    await store.endStraySessions(0, start)
    await store.endSessionsOfLeaving(0, start)
    await store.eraseUser({ userId: "alice", ...occasion() })
  }
  await all()
  expect(published).toEqual([])
  ended = ["late"]
  await all()
  expect(published).toEqual(["revocations", "revocations", "revocations"])
})

test("what ends nothing is not told", async () => {
  const { published, redis } = notingRedis()
  const store = storeWithNews(createMemoryStore(), redis)
  const { user, session } = await logIn(store)
  await store.findSession(session.id)
  const choice = { userId: user.id, account: "alice", hash: "hash", expected: null, ...occasion() }
  expect(await store.setPassword(choice)).toMatchObject({ kind: "set", endedSessions: [] })
  expect(await store.revokeSession("nobody's", "logout", start)).toBe(false)
  expect(published).toEqual([])
  await store.removePassword({ userId: user.id, ...occasion() })
  expect(published).toEqual([])
  expect(await store.revokeSession(session.id, "logout", start)).toBe(true)
  expect(published).toEqual(["revocations"])
})

test("a store that is a class, is frozen or lacks methods works as it does without Redis", async () => {
  class Own {
    readonly engine = "own"
    readonly #users = new Map([["alice", { id: "alice" }]])
    async findUser(id: string) {
      return this.#users.get(id)
    }
  }
  const { redis } = notingRedis()
  const store = storeWithNews(Object.freeze(new Own()) as unknown as Store, redis)
  expect(store.engine).toBe("own")
  expect(await store.findUser("alice")).toEqual({ id: "alice" })
  expect(store.addCounts).toBeUndefined()
  expect(store.onNews?.(() => {})).toBeTypeOf("function")
})
