import { afterEach, beforeEach, expect, test } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { day, logIn, minute, start, times } from "../../src/store/contract/store-case.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import type { Store } from "../../src/store/store.ts"
import { askMysql, dropMysql, freshMysql, hasMysql, mysqlNeed } from "../support/engines.ts"

const there = await hasMysql()
beforeEach(context => need(context, there, mysqlNeed))
afterEach(dropMysql)

/** Some instances on one database, as on several machines. */
async function openInstances(count: number) {
  const url = await freshMysql()
  const stores: Store[] = []
  for (let index = 0; index < count; index += 1) stores.push(await openMysqlStore({ url, connections: 4 }))
  return {
    url,
    stores,
    any: () => stores[Math.floor(Math.random() * count)] as Store,
    count: async (from: string) => {
      const [row] = await askMysql<{ count: number }[]>(`SELECT COUNT(*) AS count FROM ${from}`, url)
      return row?.count
    },
    close: () => Promise.all(stores.map(store => store.close())),
  }
}

test("2,000 logins of 300 people at once, over three instances, make 300 users and 2,000 sessions", async () => {
  const { any, count, close } = await openInstances(3)
  const outcomes = await times(2_000, index => logIn(any(), { openid: `person${index % 300}` }))
  const usersOf = new Map<string, Set<string>>()
  for (const { session, user } of outcomes) {
    const openid = session.openid ?? ""
    usersOf.set(openid, (usersOf.get(openid) ?? new Set()).add(user.id))
  }
  expect([...usersOf.values()].map(({ size }) => size)).toEqual(new Array(300).fill(1))
  expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(300)
  expect(await count("denglu_users")).toBe(300)
  expect(await count("denglu_sessions")).toBe(2_000)
  await close()
})

test("people who log in to two apps at once, over three instances, are one user each by their unionid", async () => {
  const { any, count, close } = await openInstances(3)
  const outcomes = await times(1_200, index => {
    const person = index % 100
    const appid = `app${Math.floor(index / 100) % 2}`
    return logIn(any(), { appid, openid: `${person} in ${appid}`, unionid: `union${person}` })
  })
  expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(100)
  expect(await count("denglu_users")).toBe(100)
  expect(await count("denglu_identities")).toBe(200)
  await close()
})

test("a first login with a unionid and one without at the same time leave no unionid to nobody", async () => {
  const { stores, count, close } = await openInstances(2)
  const [one, other] = stores as [Store, Store]
  for (let round = 0; round < 10; round += 1) {
    const outcomes = await times(60, index => {
      const openid = `${round} ${index >> 1}`
      return index % 2 === 0 ? logIn(one, { openid }) : logIn(other, { openid, unionid: `union ${openid}` })
    })
    for (let index = 0; index < 60; index += 2)
      expect(outcomes[index]?.user.id).toBe(outcomes[index + 1]?.user.id)
  }
  expect(await count("denglu_users")).toBe(300)
  expect(await count("denglu_unionids")).toBe(300)
  const owners = `denglu_unionids u JOIN denglu_identities i ON i.unionid = u.unionid AND i.user_id = u.user_id`
  expect(await count(owners)).toBe(300)
  expect(await count("denglu_users WHERE id NOT IN (SELECT user_id FROM denglu_identities)")).toBe(0)
  await close()
})

test("in a storm of batches over the same few people nothing fails and nothing is lost", {
  timeout: 60_000,
}, async () => {
  const { any, stores, count, close } = await openInstances(8)
  const sessions = new Set<string>()
  const ended = new Set<string>()
  await Promise.all(
    stores.map(async store => {
      for (let round = 0; round < 6; round += 1)
        await times(48, async () => {
          const person = Math.floor(Math.random() * 25)
          const appid = `app${Math.floor(Math.random() * 3)}`
          const key = `key${Math.floor(Math.random() * 3)}`
          const { session } = await logIn(store, {
            appid,
            openid: `${person} in ${appid}`,
            ...(Math.random() < 0.5 ? { unionid: `union${person}` } : {}),
            sessionKey: { sealed: key, fingerprint: key },
          })
          sessions.add(session.id)
          const { id } = session
          const rotated = await any().rotateSession({ id, counter: 0, now: start, grace: 0, idle: day })
          expect(rotated.kind).toBe("rotated")
          if (Math.random() > 0.3) return
          expect(await any().revokeSession(id, "logout", start)).toBe(true)
          ended.add(id)
        })
    }),
  )
  expect(sessions.size).toBe(8 * 6 * 48)
  expect(await count("denglu_sessions WHERE counter = 1")).toBe(sessions.size)
  expect(await count("denglu_revocations")).toBe(ended.size)
  expect(
    await count("denglu_identities i LEFT JOIN denglu_users u ON u.id = i.user_id WHERE u.id IS NULL"),
  ).toBe(0)
  await close()
})

test("of twelve who present the same counter over three instances, one rotates and the others get its replay", async () => {
  const { any, close } = await openInstances(3)
  const sessions = await times(50, () => logIn(any()))
  for (let counter = 0; counter < 5; counter += 1)
    await Promise.all(
      sessions.map(async ({ session: { id } }) => {
        const now = start + counter
        const outcomes = await times(12, () =>
          any().rotateSession({ id, counter, now, grace: 10, idle: day }),
        )
        expect(outcomes.filter(({ kind }) => kind === "rotated")).toHaveLength(1)
        expect(outcomes.filter(({ kind }) => kind === "replayed")).toHaveLength(11)
      }),
    )
  const { session } = sessions[0] as (typeof sessions)[0]
  expect((await any().findSession(session.id))?.counter).toBe(5)
  await close()
})

test("who follows the cursors while four instances revoke hears each revocation exactly once", async () => {
  const { any, stores, close } = await openInstances(4)
  const ids = (await times(400, () => logIn(any()))).map(({ session }) => session.id)
  let over = false
  const heard: string[] = []
  const follower = (async () => {
    let cursor = ""
    for (let last = false; !last; ) {
      last = over
      const page = await (stores[0] as Store).revocationsSince(cursor)
      heard.push(...page.revocations.map(({ sessionId }) => sessionId))
      cursor = page.cursor
    }
  })()
  await Promise.all(ids.map(id => any().revokeSession(id, "logout", start)))
  over = true
  await follower
  expect([...heard].sort()).toEqual([...ids].sort())
  await close()
})

test("instances that purge side by side drop each row once, until none is left", async () => {
  const { any, stores, count, close } = await openInstances(3)
  const sessions = await times(900, () => logIn(any()))
  await Promise.all(
    sessions.slice(0, 300).map(({ session }) => any().revokeSession(session.id, "logout", start)),
  )
  const alive = await logIn(any(), { now: start + 40 * day })
  const purge = async (store: Store) => {
    for (let dropped = 0; ; ) {
      const inStep = await store.purge(start + 40 * day, minute, 50)
      expect(inStep).toBeLessThanOrEqual(50)
      dropped += inStep
      if (inStep < 50) return dropped
    }
  }
  const dropped = await Promise.all(stores.map(purge))
  // 900 sessions that are over, and 300 revocations.
  expect(dropped.reduce((sum, one) => sum + one)).toBe(1_200)
  expect(await count("denglu_sessions")).toBe(1)
  expect(await any().findSession(alive.session.id)).toBeDefined()
  await close()
})

test("counts that several instances add to at once lose nothing, and those of past minutes go", async () => {
  const { any, count, close } = await openInstances(3)
  const window = Math.floor(start / minute)
  const keys = ["login 127.0.0.1", "login ::1", "LOGIN ::1"]
  const add = () => any().addCounts?.(keys.map((key, index) => ({ key, window, count: index + 1 })))
  await times(60, async () => await add())
  expect(await add()).toEqual([61, 122, 183])
  expect(await any().addCounts?.([{ key: "login ::1", window: window + 1, count: 5 }])).toEqual([5])
  await any().purge(start + 3 * minute, minute, 100)
  expect(await count("denglu_limits")).toBe(1)
  await close()
})
