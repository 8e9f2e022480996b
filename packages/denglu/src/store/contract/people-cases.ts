import assert from "node:assert/strict"
import { type AttachRequest, type Conflict, noSessionKey, type Store } from "../store.ts"
import { logIn, type StoreCase, start, storeCase, times } from "./store-case.ts"

let count = 0

/** An identity nobody has, for a user. */
function attaching(userId: string, given: Partial<AttachRequest> = {}): AttachRequest {
  count += 1
  return {
    id: `attach${count}`,
    userId,
    appid: "website",
    openid: `web${count}`,
    unionid: null,
    openPlatform: "default",
    sessionKey: noSessionKey,
    now: start + 1,
    ...given,
  }
}

async function allConflicts(store: Store): Promise<Conflict[]> {
  const found: Conflict[] = []
  let cursor: string | undefined = ""
  do {
    const page = await store.listConflicts(cursor)
    found.push(...page.conflicts)
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}

const findCases: readonly StoreCase[] = [
  storeCase("users are found by an openid of any app, and by a unionid of any open platform", async store => {
    const one = await logIn(store, { appid: "app1", openid: "same", unionid: "union" })
    const two = await logIn(store, { appid: "app2", openid: "same" })
    const far = await logIn(store, { appid: "app3", openid: "far", unionid: "union", openPlatform: "other" })
    const ids = (...found: readonly { readonly user: { readonly id: string } }[]) =>
      found.map(({ user }) => user.id).sort()
    assert.deepEqual(await store.findUsersBy({ openid: "same" }), ids(one, two))
    assert.deepEqual(await store.findUsersBy({ unionid: "union" }), ids(one, far))
    for (const nobody of ["", "SAME", "union", "o'; --"])
      assert.deepEqual(await store.findUsersBy({ openid: nobody }), [])
    assert.deepEqual(await store.findUsersBy({ unionid: "same" }), [])
  }),

  storeCase(
    "of two users with one unionid whose it is is found by it, and both by their openid",
    async store => {
      const one = await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
      const two = await logIn(store, { appid: "app2", openid: "two" })
      await logIn(store, { appid: "app2", openid: "two", unionid: "union", now: start + 1 })
      assert.deepEqual(await store.findUsersBy({ unionid: "union" }), [one.user.id])
      assert.deepEqual(await store.findUsersBy({ openid: "two" }), [two.user.id])
    },
  ),
]

const attachCases: readonly StoreCase[] = [
  storeCase("an identity that is attached logs in to its user from then on", async store => {
    const { user } = await logIn(store)
    const request = attaching(user.id, { openid: "web", unionid: "union" })
    assert.deepEqual(await store.attachIdentity(request), { kind: "attached" })
    assert.deepEqual(await store.attachIdentity({ ...request, id: "again" }), { kind: "known" })
    const web = await logIn(store, { appid: "website", openid: "web" })
    assert.equal(web.isNew, false)
    assert.equal(web.user.id, user.id)
    assert.equal((await logIn(store, { appid: "third", unionid: "union", now: start + 2 })).user.id, user.id)
    const identities = (await store.findUser(user.id))?.identities ?? []
    assert.deepEqual(
      identities.map(({ appid, unionid }) => [appid, unionid]),
      [
        ["wxsim0000000000001", null],
        ["website", "union"],
        ["third", "union"],
      ],
    )
  }),

  storeCase("an attached mini program keeps the session_key it came with", async store => {
    const { user } = await logIn(store)
    const sessionKey = { sealed: "sealed", fingerprint: "fingerprint" }
    await store.attachIdentity(attaching(user.id, { appid: "club", openid: "c", sessionKey }))
    assert.equal((await store.findSessionKeys("club", "c"))?.current, "sealed")
    await store.attachIdentity(attaching(user.id, { openid: "w" }))
    assert.equal(await store.findSessionKeys("website", "w"), undefined)
  }),

  storeCase(
    "neither another's identity nor another's unionid is attached, and nothing stays of it",
    async store => {
      const one = await logIn(store, { appid: "website", openid: "w", unionid: "union" })
      const { user } = await logIn(store)
      assert.deepEqual(await store.attachIdentity(attaching(user.id, { openid: "w" })), {
        kind: "taken",
        userId: one.user.id,
      })
      assert.deepEqual(await store.attachIdentity(attaching(user.id, { openid: "x", unionid: "union" })), {
        kind: "taken",
        userId: one.user.id,
      })
      const elsewhere = attaching(user.id, { openid: "x", unionid: "union", openPlatform: "other" })
      assert.deepEqual(await store.attachIdentity(elsewhere), { kind: "attached" })
      assert.equal((await store.findUser(user.id))?.identities.length, 2)
      assert.deepEqual(await store.attachIdentity(attaching("nobody")), { kind: "gone" })
    },
  ),

  storeCase("of many users who attach one identity at once, exactly one gets it", async store => {
    const users = await times(16, async () => (await logIn(store)).user.id)
    const outcomes = await Promise.all(
      users.map(userId => store.attachIdentity(attaching(userId, { openid: "w", unionid: "union" }))),
    )
    const winners = users.filter((_, index) => outcomes[index]?.kind === "attached")
    assert.equal(winners.length, 1)
    assert.equal((await store.findIdentity("website", "w"))?.userId, winners[0])
    for (const outcome of outcomes)
      assert.equal(outcome.kind === "taken" ? outcome.userId : winners[0], winners[0])
    assert.equal((await logIn(store, { appid: "third", unionid: "union" })).user.id, winners[0])
  }),

  storeCase("a login and an attachment of one identity at once end with one user who has it", async store => {
    for (let round = 0; round < 8; round += 1) {
      const { user } = await logIn(store)
      const identity = { appid: "website", openid: `w${round}`, unionid: `union${round}` }
      const [login, outcome] = await Promise.all([
        logIn(store, identity),
        store.attachIdentity(attaching(user.id, identity)),
      ])
      const owner = (await store.findIdentity("website", `w${round}`))?.userId
      assert.equal(login.user.id, owner)
      assert.equal(outcome.kind === "taken" ? outcome.userId : user.id, owner)
      assert.equal((await logIn(store, { appid: "third", unionid: `union${round}` })).user.id, owner)
    }
  }),

  storeCase(
    "an identity that is detached is another person's way in no more, and its sessions end",
    async store => {
      const { user, session } = await logIn(store, { openid: "mini" })
      await store.attachIdentity(attaching(user.id, { openid: "w", unionid: "union" }))
      const web = await logIn(store, { appid: "website", openid: "w" })
      const ended = await store.detachIdentity({
        id: "detach",
        userId: user.id,
        appid: "website",
        openid: "w",
        now: start + 2,
      })
      assert.deepEqual(ended, { kind: "detached", endedSessions: [web.session.id] })
      assert.equal((await store.findSession(web.session.id))?.revokedReason, "revoked_by_user")
      assert.equal((await store.findSession(session.id))?.revokedReason, null)
      assert.deepEqual(
        (await store.revocationsSince("")).revocations.map(({ sessionId }) => sessionId),
        [web.session.id],
      )
      const anew = await logIn(store, { appid: "website", openid: "w", unionid: "union" })
      assert.equal(anew.isNew, true)
      assert.notEqual(anew.user.id, user.id)
    },
  ),

  storeCase("only one's own identity is detached, and never the last", async store => {
    const one = await logIn(store, { openid: "one" })
    const other = await logIn(store, { openid: "other" })
    const detach = (userId: string, openid: string) =>
      store.detachIdentity({ id: "d", userId, appid: "wxsim0000000000001", openid, now: start + 1 })
    assert.deepEqual(await detach(other.user.id, "one"), { kind: "unknown" })
    assert.deepEqual(await detach(one.user.id, "nothing"), { kind: "unknown" })
    assert.deepEqual(await detach(one.user.id, "one"), { kind: "last" })
    assert.equal((await store.findUser(one.user.id))?.identities.length, 1)
  }),

  storeCase("of many who detach all of a user's identities at once, one is left", async store => {
    const { user } = await logIn(store, { openid: "o0" })
    for (let index = 1; index < 6; index += 1)
      await store.attachIdentity(
        attaching(user.id, { appid: "wxsim0000000000001", openid: `o${index}`, now: start + index }),
      )
    const outcomes = await times(6, index =>
      store.detachIdentity({
        id: `d${index}`,
        userId: user.id,
        appid: "wxsim0000000000001",
        openid: `o${index}`,
        now: start + 10,
      }),
    )
    assert.equal(outcomes.filter(({ kind }) => kind === "detached").length, 5)
    assert.equal(outcomes.filter(({ kind }) => kind === "last").length, 1)
    assert.equal((await store.findUser(user.id))?.identities.length, 1)
  }),
]

const conflictCases: readonly StoreCase[] = [
  storeCase("two users with one unionid are listed, others are not", async store => {
    const one = await logIn(store, { appid: "app1", openid: "one", unionid: "union" })
    const two = await logIn(store, { appid: "app2", openid: "two" })
    assert.deepEqual(await allConflicts(store), [])
    await logIn(store, { appid: "app2", openid: "two", unionid: "union" })
    await logIn(store, { appid: "app3", unionid: "union", openPlatform: "other" })
    await logIn(store, { appid: "app1", unionid: "nobody else's" })
    assert.deepEqual(
      (await allConflicts(store)).map(conflict => ({ ...conflict })),
      [
        {
          appid: "app2",
          openid: "two",
          unionid: "union",
          openPlatform: "default",
          createdAt: start,
          userId: two.user.id,
          ownerId: one.user.id,
        },
      ],
    )
  }),

  storeCase(
    "every order of apps, unionids and bindings ends with one user, or with a conflict that is listed",
    async store => {
      // A person in two apps; each login either brings the unionid or not yet.
      let person = 0
      for (const first of [false, true])
        for (const second of [false, true])
          for (const third of [false, true])
            for (const fourth of [false, true]) {
              person += 1
              const brings = [first, second, third, fourth]
              const seen = new Set<string>()
              for (const [turn, unionid] of brings.entries()) {
                const appid = `app${turn % 2}`
                const openid = `p${person}-${turn % 2}`
                const login = await logIn(store, {
                  appid,
                  openid,
                  now: start + turn,
                  ...(unionid ? { unionid: `u${person}` } : {}),
                })
                seen.add(login.user.id)
                assert.equal(login.user.id, (await store.findIdentity(appid, openid))?.userId)
              }
              const both = (first || third) && (second || fourth)
              const conflicts = (await allConflicts(store)).filter(({ unionid }) => unionid === `u${person}`)
              const isOne = seen.size === 1
              assert.equal(isOne, first && second)
              assert.equal(conflicts.length > 0, !isOne && both)
            }
    },
  ),
]

export const peopleCases: readonly StoreCase[] = [...findCases, ...attachCases, ...conflictCases]
