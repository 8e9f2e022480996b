import assert from "node:assert/strict"
import { merge, merging, undo } from "./merging.ts"
import { entry, logIn, minute, type StoreCase, start, storeCase } from "./store-case.ts"

/** A key that is the same at every login: the login that writes nothing of an identity is the one that may go astray. */
const same = entry().sessionKey

export const mergeRaceCases: readonly StoreCase[] = [
  storeCase(
    "logins while users are merged leave no session, no identity and no unionid of an absorbed user",
    async store => {
      for (let round = 0; round < 6; round += 1) {
        const of = (name: string) => `${name}${round}`
        const one = await logIn(store, { appid: "shop", openid: of("one") })
        const two = await logIn(store, {
          appid: "club",
          openid: of("two"),
          sessionKey: same,
          unionid: of("u"),
        })
        const three = await logIn(store, { appid: "cafe", openid: of("three"), sessionKey: same })
        await merge(store, two.user.id, three.user.id)
        const now = start + minute
        let apps = 0
        const logins = () => [
          logIn(store, { appid: "club", openid: of("two"), sessionKey: same, now }),
          logIn(store, { appid: "cafe", openid: of("three"), sessionKey: same, now, unionid: of("late") }),
          logIn(store, { appid: `app${apps++}`, openid: of("new"), now, unionid: of("u") }),
        ]
        await Promise.all([
          ...logins(),
          ...logins(),
          store.mergeUsers(merging(one.user.id, two.user.id)),
          ...logins(),
          ...logins(),
        ])
        await store.endStraySessions(now - minute, now)
        for (const id of [two.user.id, three.user.id]) {
          assert.deepEqual(await store.listSessions(id, now), [])
          assert.deepEqual((await store.findUser(id))?.identities, [])
        }
        for (const unionid of [of("u"), of("late")]) {
          const joined = await logIn(store, { appid: `after ${unionid}`, openid: of("after"), unionid, now })
          assert.equal(joined.user.id, one.user.id)
        }
      }
    },
  ),

  storeCase("what came too late for a merge is given back by its undo", async store => {
    const one = await logIn(store, { appid: "shop", openid: "one" })
    const two = await logIn(store, { appid: "club", openid: "two", unionid: "u" })
    const now = start + minute
    const [outcome] = await Promise.all([
      store.mergeUsers(merging(one.user.id, two.user.id)),
      ...Array.from({ length: 8 }, (_, index) =>
        logIn(store, { appid: `app${index}`, openid: "new", now, unionid: "u" }),
      ),
    ])
    await store.endStraySessions(now - minute, now)
    assert.equal(outcome.kind, "merged")
    if (outcome.kind !== "merged") return
    await undo(store, outcome.merge.id)
    assert.equal((await store.findIdentity("shop", "one"))?.userId, one.user.id)
    assert.equal((await store.findIdentity("club", "two"))?.userId, two.user.id)
    await store.endStraySessions(now - minute, start + 2 * minute)
    for (const { userId, ownerId } of (await store.listConflicts("")).conflicts)
      assert.deepEqual([userId, ownerId], [one.user.id, two.user.id])
  }),

  storeCase(
    "logins while a merge is undone leave no session of the survivor that another's identity opened",
    async store => {
      for (let round = 0; round < 6; round += 1) {
        const one = await logIn(store, { appid: "shop", openid: `one${round}` })
        const two = await logIn(store, { appid: "club", openid: `two${round}`, sessionKey: same })
        const { id } = await merge(store, one.user.id, two.user.id)
        const now = start + 2 * minute
        const login = () => logIn(store, { appid: "club", openid: `two${round}`, sessionKey: same, now })
        await Promise.all([login(), login(), undo(store, id), login(), login(), login()])
        await store.endStraySessions(now - minute, now)
        const left = await store.listSessions(one.user.id, now)
        assert.deepEqual(
          left.map(({ appid }) => appid),
          ["shop"],
        )
      }
    },
  ),
]
