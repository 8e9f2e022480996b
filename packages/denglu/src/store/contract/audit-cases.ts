import assert from "node:assert/strict"
import type { SigningKeyRecord, Store } from "../store.ts"
import {
  changeProfile,
  day,
  entry,
  eventId,
  logIn,
  occasion,
  type StoreCase,
  start,
  storeCase,
  times,
} from "./store-case.ts"

/** The types of a user's events, in the alphabet's order. */
async function typesOf(store: Store, userId: string): Promise<string[]> {
  return (await store.listAuditEvents(userId, 1_000)).map(({ type }) => type).sort()
}

async function eventsOf(store: Store, userId: string, type: string) {
  return (await store.listAuditEvents(userId, 1_000)).filter(event => event.type === type)
}

const key = (kid: string): SigningKeyRecord => ({
  kid,
  status: "current",
  publicJwk: "{}",
  sealedPrivateKey: `sealed ${kid}`,
  createdAt: start,
  statusSince: start,
})

export const auditCases: readonly StoreCase[] = [
  storeCase("a first login records its user and its session, a later one its session", async store => {
    const first = await logIn(store, { openid: "same" })
    const { user, session } = first
    const about = { userId: user.id, sessionId: session.id, appid: session.appid, actor: "user", at: start }
    assert.deepEqual(
      (await store.listAuditEvents(user.id, 10)).sort((one, other) => (one.type > other.type ? 1 : -1)),
      [
        { ...about, type: "session.opened", id: `${session.id}:opened` },
        { ...about, type: "user.created", id: `${user.id}:created` },
      ],
    )
    await logIn(store, { openid: "same", now: start + 1 })
    assert.deepEqual(await typesOf(store, user.id), ["session.opened", "session.opened", "user.created"])
  }),

  storeCase(
    "an identity that joins by its unionid, and a unionid that comes later, are recorded",
    async store => {
      const { user } = await logIn(store, { appid: "app1", openid: "one" })
      await logIn(store, { appid: "app1", openid: "one", unionid: "union", now: start + 1 })
      const { session } = await logIn(store, {
        appid: "app2",
        openid: "two",
        unionid: "union",
        now: start + 2,
      })
      await logIn(store, { appid: "app2", openid: "two", unionid: "union", now: start + 3 })
      await logIn(store, { appid: "app1", openid: "one", unionid: "union", now: start + 4 })
      assert.deepEqual(await typesOf(store, user.id), [
        "identity.attached",
        ...times5("session.opened"),
        "unionid.attached",
        "user.created",
      ])
      const [attached] = await eventsOf(store, user.id, "identity.attached")
      assert.equal(attached?.appid, "app2")
      assert.equal(attached?.sessionId, session.id)
      assert.equal((await eventsOf(store, user.id, "unionid.attached"))[0]?.at, start + 1)
    },
  ),

  storeCase(
    "a unionid that is another user's is attached to its identity, and recorded there",
    async store => {
      await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
      const { user } = await logIn(store, { appid: "app2", openid: "two" })
      await logIn(store, { appid: "app2", openid: "two", unionid: "union" })
      assert.equal((await eventsOf(store, user.id, "unionid.attached")).length, 1)
      assert.equal((await eventsOf(store, user.id, "identity.attached")).length, 0)
    },
  ),

  storeCase(
    "of 64 first logins of one person at once, one is recorded as the user's beginning",
    async store => {
      const [first] = await times(64, index =>
        logIn(store, { appid: `app${index % 2}`, openid: `openid-of-app${index % 2}`, unionid: "union" }),
      )
      const types = await typesOf(store, first?.user.id ?? "")
      assert.deepEqual(
        types.filter(type => type !== "session.opened"),
        ["identity.attached", "user.created"],
      )
      assert.equal(types.length, 66)
    },
  ),

  storeCase("of 64 logins at once that bring a unionid, or a new app, one is recorded", async store => {
    const { user } = await logIn(store, { appid: "app1", openid: "one" })
    await times(64, () => logIn(store, { appid: "app1", openid: "one", unionid: "union" }))
    assert.equal((await eventsOf(store, user.id, "unionid.attached")).length, 1)
    await times(64, () => logIn(store, { appid: "app2", openid: "two", unionid: "union" }))
    assert.equal((await eventsOf(store, user.id, "identity.attached")).length, 1)
    assert.equal((await typesOf(store, user.id)).length, 1 + 1 + 64 + 1 + 64 + 1)
  }),

  storeCase("a login that can't be done leaves no event", async store => {
    const taken = (await logIn(store)).session.id
    const bad = entry({ openid: "bad", sessionId: taken })
    await store.logIn(bad).catch(() => {})
    if ((await store.findUser(bad.newUserId)) === undefined)
      assert.deepEqual(await typesOf(store, bad.newUserId), [])
  }),

  storeCase(
    "of 64 who end a session at once, one is recorded, with its reason and who did it",
    async store => {
      const { user, session } = await logIn(store)
      await times(64, () => store.revokeSession(session.id, "logout", start + 5))
      await store.revokeSession(session.id, "revoked_by_operator", start + 6)
      await store.revokeSession("nobody", "logout", start + 6)
      const ended = await eventsOf(store, user.id, "session.ended")
      assert.deepEqual(ended, [
        {
          id: `${session.id}:ended`,
          at: start + 5,
          type: "session.ended",
          userId: user.id,
          sessionId: session.id,
          appid: session.appid,
          actor: "user",
          detail: { reason: "logout" },
        },
      ])
    },
  ),

  storeCase("each session that ends with others is recorded, and none twice", async store => {
    const sessions = await times(5, () => logIn(store, { openid: "same" }))
    const ids = sessions.map(({ session }) => session.id)
    const userId = sessions[0]?.user.id ?? ""
    await Promise.all([
      ...ids.map(id => store.revokeSession(id, "revoked_by_wechat", start + 1)),
      store.revokeUserSessions(userId, "revoked_by_operator", start + 1),
      store.revokeUserSessions(userId, "logout_everywhere", start + 1),
    ])
    const ended = await eventsOf(store, userId, "session.ended")
    assert.deepEqual(ended.map(({ sessionId }) => sessionId).sort(), ids.sort())
    const actors = { revoked_by_wechat: "wechat", revoked_by_operator: "operator", logout_everywhere: "user" }
    for (const { actor, detail } of ended) assert.equal(actor, actors[detail?.reason as keyof typeof actors])
  }),

  storeCase("a refresh records nothing, the reuse of an old one the session's end, once", async store => {
    const { user, session } = await logIn(store)
    const rotate = (counter: number) =>
      store.rotateSession({ id: session.id, counter, now: start + 1, grace: 0, idle: 30 * day })
    await rotate(0)
    await rotate(1)
    assert.deepEqual(await typesOf(store, user.id), ["session.opened", "user.created"])
    await times(16, () => rotate(0))
    const ended = await eventsOf(store, user.id, "session.ended")
    assert.deepEqual(
      ended.map(({ actor, detail }) => [actor, detail]),
      [["system", { reason: "refresh_reused" }]],
    )
  }),

  storeCase("a changed profile is recorded by the names of its fields", async store => {
    const { user } = await logIn(store)
    const id = eventId()
    await changeProfile(store, user.id, { nickname: "小明", avatarUrl: null }, start + 1, id)
    await changeProfile(store, "nobody", { nickname: "小明" })
    assert.deepEqual(await eventsOf(store, user.id, "user.updated"), [
      {
        id,
        at: start + 1,
        type: "user.updated",
        userId: user.id,
        actor: "user",
        detail: { fields: ["nickname", "avatar_url"] },
      },
    ])
    assert.deepEqual(await typesOf(store, "nobody"), [])
  }),

  storeCase("of 16 who replace a session_key, or the signing keys, at once, one is recorded", async store => {
    const sessionKey = { sealed: "first", fingerprint: "first" }
    const { user, session } = await logIn(store, { openid: "same", sessionKey })
    await times(16, index =>
      store.replaceSessionKey(
        session.appid,
        "same",
        "first",
        { sealed: `sealed ${index}`, fingerprint: `${index}` },
        start,
      ),
    )
    const replaced = await eventsOf(store, user.id, "session_key.replaced")
    assert.deepEqual(
      replaced.map(({ appid, actor }) => [appid, actor]),
      [[session.appid, "operator"]],
    )
    const kids = Array.from({ length: 16 }, (_, index) => `k${index}`)
    await Promise.all(kids.map(kid => store.replaceSigningKeys([], [key(kid)], occasion())))
    const changed = await store.listAuditEvents("", 10)
    const [kept] = await store.listSigningKeys()
    assert.deepEqual(
      changed.map(({ type, actor, detail }) => [type, actor, detail]),
      [["signing_keys.changed", "system", { current: kept?.kid }]],
    )
  }),

  storeCase("a user's events come the latest first, page by page, and nobody else's", async store => {
    const event = { type: "app_token.borrowed", userId: "u", actor: "borrower:汉字" } as const
    const given = ["a", "b", "c"].flatMap(id => [0, 1].map(after => ({ ...event, id, at: start + after })))
    for (const one of given) await store.recordAuditEvent(one)
    for (const userId of ["U", "u ", ""]) await store.recordAuditEvent({ ...given[0], userId } as never)
    const all = await store.listAuditEvents("u", 100)
    const order = all.map(({ at, id }) => `${at - start}${id}`)
    assert.deepEqual(order, ["1c", "1b", "1a", "0c", "0b", "0a"])
    const page = await store.listAuditEvents("u", 4)
    assert.deepEqual([...page, ...(await store.listAuditEvents("u", 4, page.at(-1)))], all)
  }),
]

const times5 = (type: string) => Array.from({ length: 5 }, () => type)
