import assert from "node:assert/strict"
import { keepScansFor } from "../scan-rules.ts"
import type { NewScan, OpenScanOutcome, RedeemScan } from "../scan-store.ts"
import type { Store } from "../store.ts"
import { day, logIn, minute, type StoreCase, start, storeCase, times } from "./store-case.ts"

const appid = "wxsim0000000000001"
const life = 3 * minute
let count = 0

function newScan(given: Partial<NewScan> = {}): NewScan {
  count += 1
  return {
    id: `scan${count}`,
    sceneDigest: `scene${count}`,
    secretDigest: `secret${count}`,
    number: "47",
    appid,
    origin: null,
    userAgent: "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 浏览器 🖥",
    place: "深圳",
    createdAt: start,
    expiresAt: start + life,
    ...given,
  }
}

/** A person with a phone on which they are logged in. */
async function person(store: Store) {
  const { user, session } = await logIn(store)
  const who = { userId: user.id, sessionId: session.id }
  return {
    ...who,
    user,
    openid: session.openid,
    open: ({ sceneDigest }: NewScan, now = start): Promise<OpenScanOutcome> =>
      store.openScan({ sceneDigest, ...who, appid, now }),
    confirm: ({ id, number }: Pick<NewScan, "id" | "number">, now = start) =>
      store.confirmScan({ id, number, ...who, now }),
    deny: ({ id }: NewScan, notMe = false, now = start) => store.denyScan({ id, notMe, ...who, now }),
  }
}

async function make(store: Store, given?: Partial<NewScan>): Promise<NewScan> {
  const scan = newScan(given)
  await store.createScan(scan)
  return scan
}

function redemption({ id, secretDigest, userAgent }: NewScan, now = start): RedeemScan {
  count += 1
  const ends = { idleExpiresAt: now + day, absoluteExpiresAt: now + 7 * day }
  return { id, secretDigest, now, session: { id: `browser${count}`, ...ends, userAgent } }
}

const stateOf = async (store: Store, { id }: NewScan) => (await store.findScans([id]))[0]?.state

export const scanCases: readonly StoreCase[] = [
  storeCase(
    "a ticket goes from waiting to a session of the browser's, of the person who confirmed",
    async store => {
      const scan = await make(store)
      assert.deepEqual(
        (await store.findScans([scan.id, "none"])).map(found => ({ ...found })),
        [{ ...scan, state: "waiting", userId: null }],
      )
      assert.deepEqual(await store.findScans([]), [])
      const phone = await person(store)
      assert.equal((await store.redeemScan(redemption(scan))).kind, "pending")
      const opened = await phone.open(scan)
      assert.deepEqual(opened, { kind: "opened", scan: { ...scan, state: "opened", userId: phone.userId } })
      // Whoever looks again at what they opened sees it again.
      assert.equal((await phone.open(scan)).kind, "opened")
      assert.equal((await store.redeemScan(redemption(scan))).kind, "pending")
      assert.equal((await phone.confirm(scan)).kind, "confirmed")
      assert.equal((await phone.open(scan)).kind, "invalid")
      const request = redemption(scan)
      const redeemed = await store.redeemScan(request)
      assert.equal(redeemed.kind, "redeemed")
      const session = {
        ...request.session,
        userId: phone.userId,
        appid,
        openid: phone.openid,
        counter: 0,
        createdAt: start,
        rotatedAt: start,
        revokedAt: null,
        revokedReason: null,
        openedBy: "scan",
      }
      assert.deepEqual(redeemed, { kind: "redeemed", session, user: phone.user })
      assert.deepEqual(await store.findSession(request.session.id), session)
      assert.deepEqual(
        (await store.listSessions(phone.userId, start)).map(({ openedBy }) => openedBy).sort(),
        ["code", "scan"],
      )
      assert.equal(await stateOf(store, scan), "redeemed")
      assert.equal((await store.redeemScan(redemption(scan))).kind, "invalid")
    },
  ),

  storeCase("many tickets are found at once, each by itself", async store => {
    const scans = await times(11, () => make(store))
    const found = await store.findScans(scans.map(({ id }) => id))
    assert.deepEqual(found.map(({ id }) => id).sort(), scans.map(({ id }) => id).sort())
  }),

  storeCase("of 64 who scan one code one has it, and only that one may answer", async store => {
    const scan = await make(store)
    const people = await times(64, () => person(store))
    const outcomes = await times(64, index => (people[index] as (typeof people)[0]).open(scan))
    const kinds = outcomes.map(({ kind }) => kind)
    assert.equal(kinds.filter(kind => kind === "opened").length, 1)
    assert.equal(kinds.filter(kind => kind === "taken").length, 63)
    const winner = people[kinds.indexOf("opened")] as (typeof people)[0]
    for (const other of people.filter(one => one !== winner).slice(0, 5)) {
      assert.equal((await other.confirm(scan)).kind, "taken")
      assert.equal(await other.deny(scan, true), false)
    }
    assert.equal(await stateOf(store, scan), "opened")
    assert.equal((await winner.confirm(scan)).kind, "confirmed")
  }),

  storeCase("of 64 confirmations at once one counts", async store => {
    const scan = await make(store)
    const phone = await person(store)
    await phone.open(scan)
    const kinds = (await times(64, () => phone.confirm(scan))).map(({ kind }) => kind)
    assert.equal(kinds.filter(kind => kind === "confirmed").length, 1)
    assert.equal(kinds.filter(kind => kind === "invalid").length, 63)
  }),

  storeCase("of all ninety numbers guessed at once one counts, right or wrong", async store => {
    const scan = await make(store)
    const phone = await person(store)
    await phone.open(scan)
    const guesses = await times(90, index => phone.confirm({ id: scan.id, number: String(99 - index) }))
    assert.equal(guesses.filter(({ kind }) => kind !== "invalid").length, 1)
  }),

  storeCase("a wrong number ends the ticket", async store => {
    const scan = await make(store)
    const phone = await person(store)
    await phone.open(scan)
    assert.equal((await phone.confirm({ ...scan, number: "48" })).kind, "number_wrong")
    assert.equal(await stateOf(store, scan), "denied")
    assert.equal((await phone.confirm(scan)).kind, "invalid")
    assert.equal((await store.redeemScan(redemption(scan))).kind, "denied")
  }),

  storeCase("of 64 redemptions at once one opens a session", async store => {
    const scan = await make(store)
    const phone = await person(store)
    await phone.open(scan)
    await phone.confirm(scan)
    const kinds = (await times(64, () => store.redeemScan(redemption(scan)))).map(({ kind }) => kind)
    assert.equal(kinds.filter(kind => kind === "redeemed").length, 1)
    assert.equal(kinds.filter(kind => kind === "invalid").length, 63)
    assert.equal((await store.listSessions(phone.userId, start)).length, 2)
  }),

  storeCase("without the browser's secret nothing is redeemed, and nothing is used up", async store => {
    const scan = await make(store)
    const phone = await person(store)
    await phone.open(scan)
    await phone.confirm(scan)
    const stolen = redemption({ ...scan, secretDigest: "guessed" })
    assert.equal((await store.redeemScan(stolen)).kind, "invalid")
    assert.equal((await store.redeemScan({ ...redemption(scan), id: "other" })).kind, "invalid")
    assert.equal((await store.redeemScan(redemption(scan))).kind, "redeemed")
  }),

  storeCase("a no counts from the moment of opening until the browser has its session", async store => {
    const phone = await person(store)
    const early = await make(store)
    assert.equal(await phone.deny(early), false)
    await phone.open(early)
    assert.equal(await phone.deny(early), true)
    assert.equal(await phone.deny(early), false)
    assert.equal(await stateOf(store, early), "denied")
    const regretted = await make(store)
    await phone.open(regretted)
    await phone.confirm(regretted)
    assert.equal(await phone.deny(regretted, true), true)
    assert.equal((await store.redeemScan(redemption(regretted))).kind, "denied")
    const late = await make(store)
    await phone.open(late)
    await phone.confirm(late)
    await store.redeemScan(redemption(late))
    assert.equal(await phone.deny(late, true), false)
    assert.equal(await stateOf(store, late), "redeemed")
  }),

  storeCase("a yes and a no at once, or a no and a redemption: one of them counts", async store => {
    const phone = await person(store)
    for (let round = 0; round < 8; round += 1) {
      const scan = await make(store)
      await phone.open(scan)
      await phone.confirm(scan)
      const [denied, redeemed] = await Promise.all([phone.deny(scan), store.redeemScan(redemption(scan))])
      assert.equal(denied, redeemed.kind !== "redeemed")
    }
  }),

  storeCase("every step is possible until a ticket's end, and at its end none", async store => {
    const last = start + life - 1
    const phone = await person(store)
    const intime = await make(store)
    assert.equal((await phone.open(intime, last)).kind, "opened")
    assert.equal((await phone.confirm(intime, last)).kind, "confirmed")
    assert.equal((await store.redeemScan(redemption(intime, last))).kind, "redeemed")
    const end = start + life
    const unopened = await make(store)
    assert.equal((await phone.open(unopened, end)).kind, "invalid")
    const opened = await make(store)
    await phone.open(opened)
    assert.equal((await phone.open(opened, end)).kind, "invalid")
    assert.equal((await phone.confirm(opened, end)).kind, "invalid")
    assert.equal(await phone.deny(opened, false, end), false)
    const confirmed = await make(store)
    await phone.open(confirmed)
    await phone.confirm(confirmed)
    assert.equal((await store.redeemScan(redemption(confirmed, end))).kind, "invalid")
  }),

  storeCase(
    "a code is opened in its own mini program only, and by no session that was opened by scanning",
    async store => {
      const phone = await person(store)
      const scan = await make(store)
      const { sceneDigest } = scan
      const here = { sceneDigest, userId: phone.userId, sessionId: phone.sessionId, appid, now: start }
      assert.equal((await store.openScan({ ...here, appid: "wxsim0000000000002" })).kind, "invalid")
      assert.equal((await store.openScan({ ...here, sceneDigest: "unknown" })).kind, "invalid")
      assert.equal((await store.openScan({ ...here, sessionId: "unknown" })).kind, "not_scanned")
      await phone.open(scan)
      await phone.confirm(scan)
      const request = redemption(scan)
      await store.redeemScan(request)
      const next = await make(store)
      const browser = { ...here, sceneDigest: next.sceneDigest, sessionId: request.session.id }
      assert.equal((await store.openScan(browser)).kind, "not_scanned")
      await store.revokeSession(phone.sessionId, "logout", start)
      assert.equal((await phone.open(next)).kind, "not_scanned")
      assert.equal(await stateOf(store, next), "waiting")
    },
  ),

  storeCase("who has logged out on the phone after the yes gets no session in the browser", async store => {
    const scan = await make(store)
    const phone = await person(store)
    await phone.open(scan)
    await phone.confirm(scan)
    await store.revokeUserSessions(phone.userId, "logout_everywhere", start)
    assert.equal((await store.redeemScan(redemption(scan))).kind, "invalid")
    assert.deepEqual(await store.listSessions(phone.userId, start), [])
  }),

  storeCase("tickets are dropped a minute after their end, no more at once than asked", async store => {
    const scans = await times(3, () => make(store))
    const young = await make(store, { expiresAt: start + life + 1 })
    const then = start + life + keepScansFor
    assert.equal(await store.purge(then - 1, day, 10), 0)
    assert.equal(await store.purge(then, day, 2), 2)
    assert.equal(await store.purge(then, day, 10), 1)
    const left = await store.findScans([...scans, young].map(({ id }) => id))
    assert.deepEqual(
      left.map(({ id }) => id),
      [young.id],
    )
  }),
]
