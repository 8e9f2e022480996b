import assert from "node:assert/strict"
import {
  changeProfile,
  day,
  entry,
  logIn,
  logInWith,
  type StoreCase,
  start,
  storeCase,
  times,
} from "./store-case.ts"

export const logInCases: readonly StoreCase[] = [
  storeCase("a first login creates user, identity and session", async store => {
    const given = entry({ unionid: "union-a" })
    const { user, isNew, session } = await logInWith(store, given)
    assert.equal(isNew, true)
    assert.deepEqual(
      { ...user },
      {
        id: given.newUserId,
        nickname: null,
        avatarUrl: null,
        createdAt: start,
        updatedAt: start,
        leavesAt: null,
      },
    )
    const { id, idleExpiresAt, absoluteExpiresAt, userAgent } = given.session
    assert.deepEqual(
      { ...session },
      {
        id,
        userId: user.id,
        appid: given.appid,
        openid: given.openid,
        counter: 0,
        createdAt: start,
        rotatedAt: start,
        idleExpiresAt,
        absoluteExpiresAt,
        revokedAt: null,
        revokedReason: null,
        openedBy: "code",
        userAgent,
      },
    )
    assert.deepEqual(await store.findSession(id), session)
    const found = await store.findUser(user.id)
    assert.deepEqual(
      found?.identities.map(identity => ({ ...identity })),
      [
        {
          appid: given.appid,
          openid: given.openid,
          unionid: "union-a",
          openPlatform: "default",
          createdAt: start,
        },
      ],
    )
  }),

  storeCase("a second login of the same person is the same user with another session", async store => {
    const first = await logIn(store, { openid: "same" })
    const second = await logIn(store, { openid: "same", now: start + day })
    assert.equal(second.isNew, false)
    assert.equal(second.user.id, first.user.id)
    assert.equal(second.user.createdAt, start)
    assert.notEqual(second.session.id, first.session.id)
    assert.equal((await store.listSessions(first.user.id, start + day)).length, 2)
  }),

  storeCase("64 first logins of one person at once make one user, new to exactly one", async store => {
    const outcomes = await times(64, () => logIn(store, { openid: "same", unionid: "union" }))
    assert.equal(new Set(outcomes.map(({ user }) => user.id)).size, 1)
    assert.equal(outcomes.filter(({ isNew }) => isNew).length, 1)
    assert.equal(new Set(outcomes.map(({ session }) => session.id)).size, 64)
    const [first] = outcomes
    assert.equal((await store.findUser(first?.user.id ?? ""))?.identities.length, 1)
  }),

  storeCase("64 first logins of one person from two apps at once make one user by unionid", async store => {
    const outcomes = await times(64, index =>
      logIn(store, { appid: `app${index % 2}`, openid: `openid-of-app${index % 2}`, unionid: "union" }),
    )
    assert.equal(new Set(outcomes.map(({ user }) => user.id)).size, 1)
    assert.equal(outcomes.filter(({ isNew }) => isNew).length, 1)
    const [first] = outcomes
    assert.equal((await store.findUser(first?.user.id ?? ""))?.identities.length, 2)
  }),

  storeCase("the same openid in another app is another person", async store => {
    const one = await logIn(store, { appid: "app1", openid: "same" })
    const other = await logIn(store, { appid: "app2", openid: "same" })
    assert.notEqual(one.user.id, other.user.id)
  }),

  storeCase("a unionid joins only within one open platform", async store => {
    const one = await logIn(store, { appid: "app1", unionid: "union", openPlatform: "a" })
    const same = await logIn(store, { appid: "app2", unionid: "union", openPlatform: "a" })
    const other = await logIn(store, { appid: "app3", unionid: "union", openPlatform: "b" })
    assert.equal(same.user.id, one.user.id)
    assert.equal(same.isNew, false)
    assert.notEqual(other.user.id, one.user.id)
  }),

  storeCase("a unionid that appears later is attached, and later joins", async store => {
    const first = await logIn(store, { appid: "app1", openid: "one" })
    const later = await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
    assert.equal(later.user.id, first.user.id)
    const joined = await logIn(store, { appid: "app2", openid: "two", unionid: "union" })
    assert.equal(joined.user.id, first.user.id)
    assert.deepEqual(
      (await store.findUser(first.user.id))?.identities.map(({ unionid }) => unionid),
      ["union", "union"],
    )
  }),

  storeCase("a unionid that is another user's moves nobody, and is told", async store => {
    const one = await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
    const two = await logIn(store, { appid: "app2", openid: "two" })
    assert.equal(two.conflictsWith, undefined)
    const elsewhere = await logIn(store, {
      appid: "app3",
      openid: "three",
      unionid: "union",
      openPlatform: "b",
    })
    assert.equal(elsewhere.conflictsWith, undefined)
    const again = await logIn(store, { appid: "app2", openid: "two", unionid: "union" })
    assert.equal(again.conflictsWith, one.user.id)
    assert.equal(again.user.id, two.user.id)
    assert.notEqual(again.user.id, one.user.id)
    assert.equal((await logIn(store, { appid: "app1", openid: "one" })).user.id, one.user.id)
  }),

  storeCase(
    "a new session_key pushes the current one back by one, an equal one changes nothing",
    async store => {
      const login = (sealed: string, fingerprint: string, now: number) =>
        logIn(store, { openid: "same", sessionKey: { sealed, fingerprint }, now })
      const keys = () => store.findSessionKeys("wxsim0000000000001", "same")
      assert.equal(await keys(), undefined)
      await login("sealed 1", "a", start)
      assert.deepEqual({ ...(await keys()) }, { current: "sealed 1", previous: undefined, changedAt: start })
      await login("sealed 1 again", "a", start + 1)
      assert.deepEqual({ ...(await keys()) }, { current: "sealed 1", previous: undefined, changedAt: start })
      await login("sealed 2", "b", start + 2)
      await login("sealed 3", "c", start + 3)
      assert.deepEqual(
        { ...(await keys()) },
        { current: "sealed 3", previous: "sealed 2", changedAt: start + 3 },
      )
    },
  ),

  storeCase("a login without a session_key leaves the kept ones alone", async store => {
    const login = (fingerprint: string, now: number, sealed = fingerprint) =>
      logIn(store, { openid: "same", sessionKey: { sealed, fingerprint }, now })
    const keys = async () => ({ ...(await store.findSessionKeys("wxsim0000000000001", "same")) })
    assert.equal((await login("", start)).isNew, true)
    assert.equal(await store.findSessionKeys("wxsim0000000000001", "same"), undefined)
    await login("a", start + 1)
    assert.deepEqual(await keys(), { current: "a", previous: undefined, changedAt: start + 1 })
    await login("b", start + 2)
    assert.equal((await login("", start + 3)).isNew, false)
    assert.deepEqual(await keys(), { current: "b", previous: "a", changedAt: start + 2 })
    await login("b", start + 4, "b again")
    assert.deepEqual(await keys(), { current: "b", previous: "a", changedAt: start + 2 })
  }),

  storeCase("a login that can't be done harms none of its neighbours and leaves nothing", async store => {
    const taken = (await logIn(store)).session.id
    const outcomes = await Promise.allSettled([
      logIn(store, { openid: "left" }),
      logIn(store, { openid: "bad", sessionId: taken }),
      logIn(store, { openid: "right" }),
    ])
    assert.equal(outcomes[0].status, "fulfilled")
    assert.equal(outcomes[2].status, "fulfilled")
    // An id that is taken is refused: else somebody's session would become another's.
    assert(outcomes[1].status === "rejected")
    assert.equal(outcomes[1].reason.code, "store_unavailable")
    assert.equal(await store.findSessionKeys("wxsim0000000000001", "bad"), undefined)
    assert.equal((await logIn(store, { openid: "left" })).isNew, false)
    assert.equal((await logIn(store, { openid: "right" })).isNew, false)
  }),

  storeCase("texts are kept and compared byte by byte", async store => {
    const odd = [
      "o",
      "O",
      "ó",
      "o ",
      "o'; --",
      '"o"',
      "汉字",
      "𝕆🙂",
      "%o_",
      "\\o",
      "o\u200b",
      "x".repeat(512),
    ]
    const users = new Set<string>()
    for (const openid of odd) users.add((await logIn(store, { openid })).user.id)
    assert.equal(users.size, odd.length)
    for (const openid of odd) {
      const { user, session, isNew } = await logIn(store, { openid })
      assert.equal(isNew, false)
      assert.equal(session.openid, openid)
      const nickname = `${openid} 😀`
      assert.equal((await changeProfile(store, user.id, { nickname }))?.nickname, nickname)
      assert.equal((await store.findUser(user.id))?.nickname, nickname)
    }
  }),
]
