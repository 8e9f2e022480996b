import { afterEach, describe, expect, test } from "vitest"
import { type AppName, apps, type SeveralApps, startSeveralApps } from "../support/several-apps.ts"

const running: SeveralApps[] = []
afterEach(() => Promise.all(running.splice(0).map(({ close }) => close())))

async function start(options: Parameters<typeof startSeveralApps>[0] = {}) {
  const started = await startSeveralApps(options)
  running.push(started)
  const merge = (token: string, body: object) => started.send("POST", "/me/merge", { token, body })
  const isIn = async (token: string) => (await started.send("GET", "/me", { token })).status === 200
  const proofOf = (app: AppName, person: string) => ({
    appid: apps[app],
    code: started.codeIn(app, person),
  })
  return { ...started, merge, isIn, proofOf }
}

const day = 86_400_000

describe("the owner of two accounts", () => {
  test("sees what would happen, then merges them by the other one's refresh token", async () => {
    const { logInTo, login, merge, isIn, send, tryIn } = await start()
    const merged: object[] = []
    login.on("user.merged", event => merged.push(event))
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "alice")
    expect(club.user.id).not.toBe(shop.user.id)
    const proof = { refresh_token: club.refresh_token }

    const preview = await merge(shop.access_token, { ...proof, preview: true })
    expect(preview.status).toBe(200)
    expect(preview.body).toMatchObject({
      merged: false,
      user_id: shop.user.id,
      other_user_id: club.user.id,
      preview: {
        appids: [apps.club],
        sessions: 1,
        moves_phone: false,
        drops_phone: false,
        refusal: null,
      },
    })
    expect(await isIn(club.access_token)).toBe(true)

    const done = await merge(shop.access_token, { ...proof, confirm: true })
    expect(done.status).toBe(200)
    expect(done.body).toEqual({
      merged: true,
      merge_id: expect.stringMatching(/^[0-9a-v]{26}$/),
      user_id: shop.user.id,
      other_user_id: club.user.id,
    })
    expect([await isIn(shop.access_token), await isIn(club.access_token)]).toEqual([true, false])
    expect((await send("POST", "/refresh", { body: proof })).body.code).toBe("session_revoked")
    expect((await tryIn("club", "alice")).body.user).toMatchObject({ id: shop.user.id, is_new: false })
    expect(merged).toMatchObject([
      { mergeId: done.body.merge_id, survivorId: shop.user.id, absorbedId: club.user.id },
    ])
    expect(await login.users.get(club.user.id)).toMatchObject({
      id: shop.user.id,
      mergedIds: [club.user.id],
      identities: [{ appid: apps.shop }, { appid: apps.club }],
    })
  })

  test("proves the other one by a fresh code of its app, which is used up by each look", async () => {
    const { logInTo, merge, proofOf } = await start()
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "alice")
    const proof = proofOf("club", "alice")
    expect((await merge(shop.access_token, { ...proof, preview: true })).status).toBe(200)
    expect((await merge(shop.access_token, { ...proof, confirm: true })).body.code).toBe("code_used")
    const done = await merge(shop.access_token, { ...proofOf("club", "alice"), confirm: true })
    expect(done.body).toMatchObject({ merged: true, other_user_id: club.user.id })
  })

  test("with a token that was just rotated is heard, with a used-up one not, and that ends its session", async () => {
    const { logInTo, merge, send, advance, isIn } = await start()
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "alice")
    const refresh = async (refresh_token: string) =>
      (await send("POST", "/refresh", { body: { refresh_token } })).body
    const next = await refresh(club.refresh_token)
    const preview = (refresh_token: string) => merge(shop.access_token, { refresh_token, preview: true })
    expect((await preview(club.refresh_token)).status).toBe(200)
    advance(31_000)
    expect((await preview(next.refresh_token)).status).toBe(200)
    expect(await preview(club.refresh_token)).toMatchObject({
      status: 400,
      body: { code: "merge_proof_invalid", errors: [{ pointer: "/refresh_token" }] },
    })
    expect(await isIn(next.access_token)).toBe(false)
    expect((await preview(next.refresh_token)).body.code).toBe("merge_proof_invalid")
  })

  test.each([
    ["a made-up refresh token", { refresh_token: "r1.x" }, 400, "merge_proof_invalid"],
    ["one with a changed letter", { refresh_token: "changed" }, 400, "merge_proof_invalid"],
    ["a made-up code", { appid: apps.club, code: "madeup" }, 400, "code_invalid"],
    ["no proof", {}, 400, "invalid_request"],
    ["two proofs", { refresh_token: "x", code: "x" }, 400, "invalid_request"],
    ["an id of the other account", { user_id: "club" }, 400, "invalid_request"],
    ["a phone number", { phone: "13800138000" }, 400, "invalid_request"],
  ])("with %s is refused", async (_, proof, status, code) => {
    const { logInTo, merge, isIn } = await start()
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "alice")
    const sent =
      "refresh_token" in proof && proof.refresh_token === "changed"
        ? {
            refresh_token: `${club.refresh_token.slice(0, -1)}${club.refresh_token.endsWith("A") ? "B" : "A"}`,
          }
        : proof
    for (const step of [{ preview: true }, { confirm: true }])
      expect(await merge(shop.access_token, { ...sent, ...step })).toMatchObject({ status, body: { code } })
    expect(await isIn(club.access_token)).toBe(true)
  })

  test("must say whether to look or to merge", async () => {
    const { logInTo, merge } = await start()
    const shop = await logInTo("shop", "alice")
    const { refresh_token } = await logInTo("club", "alice")
    for (const step of [{}, { preview: true, confirm: true }, { preview: false }])
      expect((await merge(shop.access_token, { refresh_token, ...step })).body.code).toBe("invalid_request")
  })

  test("can't merge one account with itself, nor one that was merged, and hears why", async () => {
    const { logInTo, merge, proofOf } = await start()
    const shop = await logInTo("shop", "alice")
    const own = await merge(shop.access_token, { refresh_token: shop.refresh_token, confirm: true })
    expect(own).toMatchObject({
      status: 409,
      body: { code: "merge_refused", errors: [{ detail: "both are the same account" }] },
    })
    const again = await merge(shop.access_token, { ...proofOf("shop", "alice"), preview: true })
    expect(again.body.preview.refusal).toBe("same")
    const nobody = await merge(shop.access_token, { ...proofOf("club", "nobody"), confirm: true })
    expect(nobody.status).toBe(404)
  })

  test("N times at once merges once", async () => {
    const { logInTo, merge } = await start()
    const shop = await logInTo("shop", "alice")
    const { refresh_token } = await logInTo("club", "alice")
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => merge(shop.access_token, { refresh_token, confirm: true })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status } of answers) expect([200, 400, 409]).toContain(status)
  })

  test("leaves no token, code or openid in the log", async () => {
    const { logInTo, login, merge, logged } = await start()
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "alice")
    const [identity] = (await login.users.get(club.user.id))?.identities ?? []
    const preview = await merge(shop.access_token, { refresh_token: club.refresh_token, preview: true })
    const done = await merge(shop.access_token, { refresh_token: club.refresh_token, confirm: true })
    const said = preview.text + done.text + logged.join("")
    for (const secret of [club.refresh_token, club.access_token, identity?.openid ?? "?"])
      expect(said).not.toContain(secret)
  })
})

describe("an operator", () => {
  test("hears of two users who are one person, lists them, and merges them", async () => {
    const { bind, logInTo, login } = await start()
    const told: object[] = []
    login.on("user.conflict", event => told.push(event))
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "alice")
    expect((await login.users.conflicts()).conflicts).toEqual([])
    bind("club")
    expect((await logInTo("club", "alice")).user.id).toBe(club.user.id)
    await logInTo("club", "alice")
    expect(told).toMatchObject([{ userId: club.user.id, otherUserId: shop.user.id, appid: apps.club }])
    const { conflicts } = await login.users.conflicts()
    expect(conflicts).toMatchObject([{ userId: club.user.id, ownerId: shop.user.id, appid: apps.club }])

    const preview = await login.users.previewMerge(shop.user.id, club.user.id)
    expect(preview).toMatchObject({ sessions: 3, refusal: undefined })
    const merge = await login.users.merge(shop.user.id, club.user.id)
    expect(merge).toMatchObject({ actor: "operator", isUndoable: true })
    expect((await login.users.conflicts()).conflicts).toEqual([])
    expect(await login.users.merges(0)).toEqual([merge])
  })

  test("undoes a merge within 30 days, once, and not later", async () => {
    const { advance, isIn, logInTo, login } = await start()
    const undone: object[] = []
    login.on("user.merge_undone", event => undone.push(event))
    const shop = await logInTo("shop", "alice")
    const club = await logInTo("club", "bob")
    const first = await login.users.merge(shop.user.id, club.user.id)
    const opened = await logInTo("club", "bob")
    expect(opened.user.id).toBe(shop.user.id)
    advance(day)
    const before = await logInTo("shop", "alice")
    await login.users.undoMerge(first.id)
    expect(undone).toMatchObject([{ mergeId: first.id, survivorId: shop.user.id, absorbedId: club.user.id }])
    expect(await isIn(before.access_token)).toBe(true)
    expect(await isIn(opened.access_token)).toBe(false)
    expect((await logInTo("club", "bob")).user.id).toBe(club.user.id)
    await expect(login.users.undoMerge(first.id)).rejects.toMatchObject({
      code: "merge_refused",
      message: "the merge was undone before",
    })
    const second = await login.users.merge(shop.user.id, club.user.id)
    advance(30 * day + 1)
    await expect(login.users.undoMerge(second.id)).rejects.toMatchObject({ code: "merge_refused" })
    await expect(login.users.undoMerge("nothing")).rejects.toMatchObject({ code: "not_found" })
  })

  test("is refused what can't be", async () => {
    const { logInTo, login } = await start()
    const { user } = await logInTo("shop", "alice")
    await expect(login.users.merge(user.id, user.id)).rejects.toMatchObject({ code: "merge_refused" })
    await expect(login.users.merge(user.id, "nobody")).rejects.toMatchObject({ code: "not_found" })
    expect(await login.users.get("nobody")).toBeUndefined()
  })
})
