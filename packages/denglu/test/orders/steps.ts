import type { Answer } from "../support/harness.ts"
import {
  type App,
  appidOf,
  appOf,
  coolingOff,
  type Face,
  faceOf,
  type Held,
  isIdentity,
  type Merged,
  personOf,
  twoApps,
  type World,
} from "./world.ts"

/** What people do. It says what has to come of it, and holds the answer against that; between actions the world is looked at. */
export interface Step {
  readonly name: string
  readonly actions: readonly ((world: World) => Promise<void>)[]
}

/** What somebody may do who has none but their own phone and browser. Every order of these is explored. */
export const steps: readonly Step[] = [
  { name: "login A", actions: [world => logIn(world, "shop")] },
  { name: "login B", actions: [world => logIn(world, "club")] },
  { name: "unionid appears", actions: [appear] },
  { name: "bind phone", actions: [bindPhone] },
  { name: "merge", actions: [merge] },
  { name: "delete", actions: [deleteMe, endCoolingOff] },
]

/** Further ones, which make too many orders to explore all of them. */
export const moreSteps: readonly Step[] = [
  { name: "link", actions: [link] },
  { name: "unlink", actions: [unlink] },
  { name: "undo merge", actions: [undoMerge] },
]

async function appear(world: World): Promise<void> {
  for (const app of twoApps) world.bind(app)
}

/** Either person, by chance; one of them more often, so that more comes of it. */
export const somebody = ({ draw, people: [one, other] }: World) => draw([one, one, other])
export const either = [true, false] as const

/** Says that an answer is not the one that the proofs ask for. */
export function expectCode(answer: Answer, code: string | undefined, what: string): void {
  const is = answer.status < 300 ? undefined : answer.body.code
  if (is !== code) throw new Error(`${what} is answered ${is} and not ${code}`)
}

export async function logIn(world: World, app: App): Promise<void> {
  const { expected, send, code, draw } = world
  const { owners, leaving } = expected
  const person = somebody(world)
  const face = faceOf(app, person)
  const restore = draw(either)
  const owner = owners.get(face) ?? (world.bound.has(app) ? expected.unionidOwners.get(person) : undefined)
  const isLeaving = owner !== undefined && leaving.has(owner)
  const body = { appid: appidOf(face), code: code(face), ...(restore && { restore }) }
  const answer = await send("POST", "/login", { body })
  expectCode(answer, isLeaving && !restore ? "account_deleted" : undefined, `login of ${face}`)
  if (answer.status !== 200) return keepBrought(world, face, owner as string)
  const { access_token: accessToken, refresh_token: refreshToken, session_id: id, user } = answer.body
  if (owner === undefined ? !user.is_new : user.id !== owner) throw new Error(`${face} is ${user.id}`)
  leaving.delete(user.id)
  world.users.add(user.id)
  owners.set(face, user.id)
  bringUnionid(world, face, user.id)
  world.held.push({ id, person, face, accessToken, refreshToken })
  expected.live.add(id)
}

function bringUnionid({ expected, bound }: World, face: Face, userId: string): void {
  if (!bound.has(appOf(face))) return
  const person = personOf(face)
  expected.withUnionid.add(face)
  if (!expected.unionidOwners.has(person)) expected.unionidOwners.set(person, userId)
}

/** A login that is refused may keep what it brought, to go with the rest; whether it does is no promise. */
async function keepBrought(world: World, face: Face, owner: string): Promise<void> {
  const { store, expected, openidOf } = world
  const identity = await store.findIdentity(appidOf(face), openidOf(face) ?? "")
  if (identity === undefined) return
  if (identity.userId !== owner) throw new Error(`${face} was given to another user`)
  expected.owners.set(face, owner)
  if (identity.unionid !== null) bringUnionid(world, face, owner)
}

/** The latest session of somebody, alive or not: whoever has lost one may still try. */
export function latestOf({ held }: World, person: string): Held | undefined {
  return held.findLast(session => session.person === person)
}

export const isLive = ({ expected }: World, { id }: Held) => expected.live.has(id)
export const userOf = ({ expected }: World, { face }: Held) => expected.owners.get(face) as string

async function bindPhone(world: World): Promise<void> {
  const { expected, send, simulator, number } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined) return
  const { face, person: user, accessToken: token } = session
  const code = simulator.issuePhoneCode({ appid: appidOf(face), user })
  const answer = await send("POST", "/me/phone", { token, body: { code } })
  if (!isLive(world, session)) return expectCode(answer, "session_revoked", "phone of an ended session")
  const userId = userOf(world, session)
  const owner = [...expected.phones].find(([, known]) => known === number)?.[0] ?? userId
  expectCode(answer, owner === userId ? undefined : "phone_taken", `phone of ${face}`)
  if (owner === userId) expected.phones.set(userId, number)
}

/** By a code of one's own in the other app, by one of the other person, or by that person's refresh token. */
export async function merge(world: World): Promise<void> {
  const { expected, send, code, draw, people } = world
  const person = somebody(world)
  const session = latestOf(world, person)
  if (session === undefined) return
  const other = people.find(known => known !== person) as string
  const theirs = latestOf(world, other)
  const face = draw([...twoApps.map(app => faceOf(app, other)), otherFace(session)])
  const byToken = theirs !== undefined && draw(either)
  const dropPhone = draw(either)
  const absorbed = byToken
    ? isLive(world, theirs)
      ? userOf(world, theirs)
      : undefined
    : expected.owners.get(face)
  const proof = byToken ? { refresh_token: theirs.refreshToken } : { appid: appidOf(face), code: code(face) }
  const body = { ...proof, confirm: true, drop_phone: dropPhone }
  const answer = await send("POST", "/me/merge", { token: session.accessToken, body })
  if (!isLive(world, session)) return expectCode(answer, "session_revoked", "merge by an ended session")
  const survivor = userOf(world, session)
  const what = `merge of ${session.face} with ${byToken ? theirs.face : face}`
  if (absorbed === undefined) return expectCode(answer, byToken ? "merge_proof_invalid" : "not_found", what)
  const { phones, leaving } = expected
  const isRefused =
    absorbed === survivor ||
    leaving.has(absorbed) ||
    (phones.has(survivor) && phones.has(absorbed) && !dropPhone)
  expectCode(answer, isRefused ? "merge_refused" : undefined, what)
  if (isRefused) return
  if (answer.body.user_id !== survivor || answer.body.other_user_id !== absorbed)
    throw new Error(`${what} was another one`)
  absorb(world, answer.body.merge_id, survivor, absorbed)
}

const otherFace = ({ face, person }: Held): Face => faceOf(appOf(face) === "shop" ? "club" : "shop", person)

function absorb(world: World, id: string, survivorId: string, absorbedId: string): void {
  const { owners, unionidOwners, phones, survivors } = world.expected
  endAllOf(world, absorbedId)
  const phone = phones.get(absorbedId)
  const merged: Merged = {
    id,
    survivorId,
    absorbedId,
    faces: keysOf(owners, absorbedId),
    people: keysOf(unionidOwners, absorbedId),
    pointers: keysOf(survivors, absorbedId),
    phone,
    dropsPhone: phone !== undefined && phones.has(survivorId),
  }
  // Of two passwords the survivor's stays.
  const hasPassword = keysOf(owners, survivorId).some(face => face.startsWith("password "))
  for (const face of merged.faces)
    if (hasPassword && face.startsWith("password ")) owners.delete(face)
    else owners.set(face, survivorId)
  for (const person of merged.people) unionidOwners.set(person, survivorId)
  for (const pointer of [absorbedId, ...merged.pointers]) survivors.set(pointer, survivorId)
  phones.delete(absorbedId)
  if (phone !== undefined && !merged.dropsPhone) phones.set(survivorId, phone)
  world.merges.push(merged)
}

/** What is so of a user, as the keys of a map. */
export function keysOf<Key>(map: ReadonlyMap<Key, string>, userId: string): Key[] {
  return [...map].filter(([, owner]) => owner === userId).map(([key]) => key)
}

function endAllOf({ held, expected }: World, userId: string): void {
  for (const { id, face } of held) if (expected.owners.get(face) === userId) expected.live.delete(id)
}

/** With a code of one's own, or of the other person, which proves nothing unless both are one user by now. */
export async function deleteMe(world: World): Promise<void> {
  const { expected, send, code, draw, people } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined) return
  const person = draw([session.person, session.person, ...people])
  const face = faceOf(appOf(session.face), person)
  const body = { appid: appidOf(face), code: code(face) }
  const answer = await send("DELETE", "/me", { token: session.accessToken, body })
  if (!isLive(world, session)) return expectCode(answer, "session_revoked", "deletion by an ended session")
  const userId = userOf(world, session)
  const isOwn = expected.owners.get(face) === userId
  expectCode(answer, isOwn ? undefined : "person_mismatch", `deletion by ${face}`)
  if (!isOwn) return
  endAllOf(world, userId)
  expected.leaving.add(userId)
}

/** By chance: who has left is erased, with all who were merged into them. */
export async function endCoolingOff(world: World): Promise<void> {
  const { expected, login, advance, draw } = world
  if (expected.leaving.size === 0 || draw(either)) return
  advance(coolingOff + 1_000)
  await login.users.purge()
  for (const userId of expected.leaving) erase(world, userId)
  expected.leaving.clear()
}

function erase({ expected }: World, userId: string): void {
  const { owners, unionidOwners, phones, survivors, gone, withUnionid } = expected
  for (const face of keysOf(owners, userId)) {
    owners.delete(face)
    withUnionid.delete(face)
  }
  for (const person of keysOf(unionidOwners, userId)) unionidOwners.delete(person)
  for (const id of [userId, ...keysOf(survivors, userId)]) {
    survivors.delete(id)
    gone.add(id)
  }
  phones.delete(userId)
}

/** Somebody attaches what they, or the other person, has a code of. */
export async function link(world: World): Promise<void> {
  const { expected, send, code, draw, people } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined) return
  const face = draw(people.flatMap(person => twoApps.map(app => faceOf(app, person))))
  const body = { appid: appidOf(face), code: code(face) }
  const answer = await send("POST", "/me/identities", { token: session.accessToken, body })
  if (!isLive(world, session)) return expectCode(answer, "session_revoked", "linking by an ended session")
  const userId = userOf(world, session)
  const ofUnionid = world.bound.has(appOf(face)) ? expected.unionidOwners.get(personOf(face)) : undefined
  const owner = expected.owners.get(face) ?? ofUnionid ?? userId
  expectCode(answer, owner === userId ? undefined : "identity_taken", `linking of ${face}`)
  if (owner !== userId || expected.owners.has(face)) return
  expected.owners.set(face, userId)
  bringUnionid(world, face, userId)
}

export async function unlink(world: World): Promise<void> {
  const { expected, send, draw, held, store, openidOf } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined || !isLive(world, session)) return
  const { accessToken: token } = session
  const userId = userOf(world, session)
  const ways = keysOf(expected.owners, userId)
  const face = draw(ways.filter(isIdentity))
  if (face === undefined) return
  const identities = (await store.findUser(userId))?.identities ?? []
  const at = identities.findIndex(({ appid, openid }) => appid === appidOf(face) && openid === openidOf(face))
  const listed = await send("GET", "/me/identities", { token })
  const answer = await send("DELETE", `/me/identities/${listed.body.identities[at].id}`, { token })
  expectCode(answer, ways.length > 1 ? undefined : "last_way_in", `unlinking of ${face}`)
  if (ways.length === 1) return
  const person = personOf(face)
  const { owners, withUnionid, unionidOwners, live } = expected
  owners.delete(face)
  withUnionid.delete(face)
  const isStillHere = keysOf(owners, userId).some(one => personOf(one) === person && withUnionid.has(one))
  if (!isStillHere && unionidOwners.get(person) === userId) unionidOwners.delete(person)
  for (const { id, face: opened } of held) if (opened === face) live.delete(id)
}

/** An operator takes back the latest merge. */
async function undoMerge(world: World): Promise<void> {
  const { login, merges, expected, held } = world
  const merged = merges.pop()
  if (merged === undefined) return
  const { owners, unionidOwners, survivors, phones, gone, live } = expected
  const { id, survivorId, absorbedId, phone } = merged
  const holder = survivors.get(survivorId) ?? survivorId
  const code = await login.users.undoMerge(id).then(
    () => undefined,
    error => error.code,
  )
  const isGone = gone.has(holder) || gone.has(absorbedId)
  if (code !== (isGone ? "not_found" : undefined)) throw new Error(`undoing a merge is answered ${code}`)
  if (isGone) return
  for (const { id: sessionId, face } of held) if (merged.faces.includes(face)) live.delete(sessionId)
  for (const face of merged.faces) if (owners.get(face) === holder) owners.set(face, absorbedId)
  for (const person of merged.people)
    if (unionidOwners.get(person) === holder) unionidOwners.set(person, absorbedId)
  survivors.delete(absorbedId)
  for (const pointer of merged.pointers)
    if (survivors.get(pointer) === holder) survivors.set(pointer, absorbedId)
  if (phone === undefined) return
  const owner = keysOf(phones, phone)[0]
  if (!merged.dropsPhone && owner === holder) phones.delete(holder)
  if (merged.dropsPhone ? owner === undefined : owner === holder) phones.set(absorbedId, phone)
}
