import { createLogin, type Events, type Login, type Store } from "denglu"
import { afterAll, afterEach, describe, expect, test, vi } from "vitest"
import { need } from "../../../../scripts/need.ts"
import { logIn, start as moment } from "../../src/store/contract/store-case.ts"
import { createMemoryStore } from "../../src/store/memory.ts"
import { openMysqlStore } from "../../src/store/mysql.ts"
import type { Phone } from "../../src/store/phone-store.ts"
import { openPostgresStore } from "../../src/store/postgres.ts"
import { openSqliteStore } from "../../src/store/sqlite.ts"
import {
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../support/engines.ts"
import { pushOptions, safePush, sendPush, userPush } from "../support/push.ts"

const shop = "wxsim0000000000001"
const club = "wxsim0000000000002"
const there = { postgres: await hasPostgres(), mysql: await hasMysql() }
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(dropPostgres)
afterAll(dropMysql)

interface Instance {
  readonly login: Login
  readonly told: Events["wechat.push"][]
  readonly ended: string[]
  /** Sends a push of the safe mode about this person; signed anew each time. */
  push(event: string, openid: string, more?: PushSettings): Promise<number>
}

interface PushSettings {
  readonly appid?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly nonce?: string
}

async function startInstance(store: Store, now = moment): Promise<Instance> {
  const login = await createLogin({
    apps: [shop, club].map(appid => ({ appid, secret: "0".repeat(32), push: pushOptions })),
    store,
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-push",
    clock: () => now,
    wechat: { simulator: "http://127.0.0.1:3001" },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  })
  closing.push(() => login.close())
  const told: Events["wechat.push"][] = []
  const ended: string[] = []
  login.on("wechat.push", event => told.push(event))
  login.on("session.revoked", ({ sessionIds, reason }) =>
    ended.push(...sessionIds.map(id => `${id} ${reason}`)),
  )
  return {
    login,
    told,
    ended,
    async push(event, openid, { appid = shop, fields = {}, nonce = "1" } = {}) {
      const message = JSON.stringify(userPush(event, openid, moment, fields))
      return (await sendPush(login, appid, safePush(message, { appid, now, nonce }))).status
    },
  }
}

/** A person with two sessions in the shop and one in the club, which know each other by unionid; and somebody else. */
async function people(store: Store) {
  const alice = { openid: "alice-shop", unionid: "alice" }
  const first = await logIn(store, alice)
  const second = await logIn(store, alice)
  const elsewhere = await logIn(store, { ...alice, appid: club, openid: "alice-club" })
  const bob = await logIn(store, { openid: "bob" })
  expect(elsewhere.user.id).toBe(first.user.id)
  const ids = {
    first: first.session.id,
    second: second.session.id,
    elsewhere: elsewhere.session.id,
    bob: bob.session.id,
  }
  const live = async () => {
    const states = await Promise.all(
      Object.entries(ids).map(
        async ([name, id]) => [name, (await store.findSession(id))?.revokedAt === null] as const,
      ),
    )
    return states.filter(([, isLive]) => isLive).map(([name]) => name)
  }
  return { userId: first.user.id, ids, live }
}

function memory(): Store {
  const store = createMemoryStore()
  closing.push(() => store.close())
  return store
}

describe("what a push does", () => {
  test("a withdrawal ends the person's sessions in that app", async () => {
    const store = memory()
    const { live, userId } = await people(store)
    const { push, told } = await startInstance(store)
    expect(await push("user_authorization_revoke", "alice-shop", { fields: { RevokeInfo: "8" } })).toBe(200)
    expect(await live()).toEqual(["elsewhere", "bob"])
    expect(told).toMatchObject([
      { kind: "user_authorization_revoke", userId, revokeInfo: ["8"], appid: shop },
    ])
  })

  describe("a withdrawn phone number", () => {
    const number = "+8613800138000"
    const withdraw = async (fields: Readonly<Record<string, string>>, given: Partial<Phone> = {}) => {
      const store = memory()
      const { userId } = await people(store)
      const { push, login } = await startInstance(store)
      const unbound: object[] = []
      login.on("phone.unbound", event => unbound.push(event))
      const phone = {
        phone: number,
        countryCode: "86",
        appid: shop,
        verifiedAt: moment,
        smsVerifiedAt: null,
        proof: "",
        ...given,
      }
      await store.bindPhone({ userId, sessionId: "", eventId: "event", ...phone })
      for (const nonce of ["1", "2"])
        expect(await push("user_authorization_revoke", "alice-shop", { fields, nonce })).toBe(200)
      return { left: (await store.findPhone(userId))?.phone, unbound, userId }
    }

    test.each([{ RevokeInfo: "8" }, { RevokeInfo: "6,8" }])("is removed once: %o", async fields => {
      const { left, unbound, userId } = await withdraw(fields)
      expect(left).toBeUndefined()
      expect(unbound).toEqual([{ userId, by: "wechat", requestId: expect.any(String) }])
    })

    test.each<[string, Readonly<Record<string, string>>, Partial<Phone>]>([
      ["something else was withdrawn", { RevokeInfo: "6" }, {}],
      ["it was withdrawn from a plugin", { RevokeInfo: "8", PluginID: "wxplugin" }, {}],
      ["it was verified in another app", { RevokeInfo: "8" }, { appid: club }],
      ["it was verified again after that", { RevokeInfo: "8" }, { verifiedAt: moment + 61_000 }],
    ])("stays where %s", async (_name, fields, given) => {
      const { left, unbound } = await withdraw(fields, given)
      expect([left, unbound]).toEqual([number, []])
    })
  })

  test("the end of a WeChat account ends all sessions of the person", async () => {
    const store = memory()
    const { live, ids } = await people(store)
    const { push, ended } = await startInstance(store)
    expect(await push("user_authorization_cancellation", "alice-club", { appid: club })).toBe(200)
    expect(await live()).toEqual(["bob"])
    expect(ended.sort()).toEqual(
      [ids.first, ids.second, ids.elsewhere].map(id => `${id} revoked_by_wechat`).sort(),
    )
  })

  test.each([
    ["a profile that WeChat cleared", "user_info_modified", "alice-shop", {}],
    ["a withdrawal from a plugin", "user_authorization_revoke", "alice-shop", { PluginID: "wxplugin" }],
    ["a withdrawal of somebody unknown", "user_authorization_revoke", "carol", {}],
    ["a withdrawal of nobody", "user_authorization_revoke", "", {}],
    ["another app's openid", "user_authorization_revoke", "alice-club", {}],
    ["any other event", "subscribe_msg_popup_event", "alice-shop", {}],
  ])("%s ends none, and is told", async (_name, event, openid, fields) => {
    const store = memory()
    const { live } = await people(store)
    const { push, told } = await startInstance(store)
    expect(await push(event, openid, { fields })).toBe(200)
    expect(await live()).toEqual(["first", "second", "elsewhere", "bob"])
    expect(told).toHaveLength(1)
  })

  test("a login after the withdrawal stays, however late the push comes and however often", async () => {
    const store = memory()
    await people(store)
    const later = await logIn(store, { openid: "alice-shop", now: moment + 61_000 })
    const { push, told, ended } = await startInstance(store, moment + 120_000)
    for (const nonce of ["1", "2", "3"])
      expect(await push("user_authorization_revoke", "alice-shop", { nonce })).toBe(200)
    expect((await store.findSession(later.session.id))?.revokedAt).toBeNull()
    expect([ended.length, told.length]).toEqual([2, 1])
  })
})

describe("what fails is asked for again", () => {
  /** The store, one method of which fails as often as told. */
  function failing(
    store: Store,
    name: "findIdentity" | "listSessions" | "revokeSession" | "unbindPhone" | "seeOnce",
    times: number,
  ) {
    let left = times
    const method = store[name] as (...given: unknown[]) => Promise<unknown>
    return {
      ...store,
      [name]: (...given: unknown[]) => {
        if (left === 0) return method(...given)
        left -= 1
        return Promise.reject(Object.assign(new Error("away"), { code: "EAWAY" }))
      },
    } as Store
  }

  test.each(["findIdentity", "listSessions", "revokeSession", "unbindPhone", "seeOnce"] as const)(
    "a push on which %s fails is not acknowledged, and has its whole effect the next time",
    async name => {
      const store = memory()
      const { live } = await people(store)
      const { push, told, ended } = await startInstance(failing(store, name, 1))
      const fields = { RevokeInfo: "8" }
      expect(await push("user_authorization_revoke", "alice-shop", { fields })).toBeGreaterThanOrEqual(500)
      expect(told).toEqual([])
      expect(await push("user_authorization_revoke", "alice-shop", { fields, nonce: "2" })).toBe(200)
      expect(await live()).toEqual(["elsewhere", "bob"])
      expect([told.length, new Set(ended).size, ended.length]).toEqual([1, 2, 2])
    },
  )

  test("a database that does not answer is a 503 within WeChat's five seconds", async () => {
    const store = memory()
    const { live } = await people(store)
    const stuck = { ...store, listSessions: () => new Promise<never>(() => {}) }
    const { push, told } = await startInstance(stuck)
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const answer = push("user_authorization_revoke", "alice-shop")
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0), { interval: 1 })
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await answer).toBe(503)
    expect([told.length, (await live()).length]).toEqual([0, 4])
  })
})

const engines: readonly {
  readonly name: string
  readonly needs?: readonly [boolean, string]
  readonly open: () => Promise<readonly Store[]>
}[] = [
  { name: "memory", open: async () => [createMemoryStore()] },
  { name: "SQLite", open: async () => [await openSqliteStore({ path: ":memory:" })] },
  {
    name: "PostgreSQL, two instances",
    needs: [there.postgres, postgresNeed],
    open: async () => {
      const url = await freshPostgres()
      return [await openPostgresStore({ url }), await openPostgresStore({ url })]
    },
  },
  {
    name: "MariaDB, two instances",
    needs: [there.mysql, mysqlNeed],
    open: async () => {
      const url = await freshMysql()
      return [await openMysqlStore({ url }), await openMysqlStore({ url })]
    },
  },
]

describe.each(engines)("64 copies at once over $name", ({ open, needs: [met, what] = [true, ""] }) => {
  test("are all acknowledged, end each session once, and are told once", async context => {
    need(context, met, what)
    const stores = await open()
    for (const store of stores) closing.push(() => store.close())
    const [store] = stores as [Store]
    const { live } = await people(store)
    const instances = await Promise.all(stores.map(one => startInstance(one)))
    const statuses = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        instances[index % instances.length]?.push("user_authorization_cancellation", "alice-shop", {
          nonce: String(index),
        }),
      ),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(instances.flatMap(({ told }) => told)).toHaveLength(1)
    const ended = instances.flatMap(one => one.ended)
    expect([ended.length, new Set(ended).size]).toEqual([3, 3])
    expect((await store.revocationsSince("")).revocations).toHaveLength(3)
    expect(await live()).toEqual(["bob"])
  })
})
