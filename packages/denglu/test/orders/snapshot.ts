import type { Merge } from "../../src/store/store.ts"
import {
  accountOf,
  appidOf,
  type Face,
  faceOf,
  isIdentity,
  passwordFace,
  smsFace,
  twoApps,
  type World,
} from "./world.ts"

/** What stands in the store of everybody in a world. */
export interface Snapshot {
  readonly users: ReadonlyMap<string, UserSeen>
  readonly sessions: ReadonlyMap<string, SessionSeen>
  readonly faces: ReadonlyMap<Face, { readonly userId: string; readonly unionid: string | null }>
  readonly merges: ReadonlyMap<string, Merge>
}

export interface UserSeen {
  readonly isLeaving: boolean
  readonly phone: string | undefined
  readonly verifiedAt: number | undefined
  readonly survivorId: string | undefined
}

export interface SessionSeen {
  readonly userId: string
  readonly isLive: boolean
}

export async function takeSnapshot({
  store,
  users,
  held,
  people,
  openidOf,
  now,
  number,
}: World): Promise<Snapshot> {
  const seenUsers = new Map<string, UserSeen>()
  const merges = new Map<string, Merge>()
  for (const id of users) {
    const user = await store.findUser(id)
    for (const merge of await store.listMergesOf(id)) merges.set(merge.id, merge)
    if (user === undefined) continue
    const phone = await store.findPhone(id)
    const resolved = await store.resolveUser(id)
    seenUsers.set(id, {
      isLeaving: user.leavesAt !== null,
      phone: phone?.phone,
      verifiedAt: phone?.verifiedAt,
      survivorId: resolved?.id === id ? undefined : resolved?.id,
    })
  }
  const sessions = new Map<string, SessionSeen>()
  for (const { id } of held) {
    const session = await store.findSession(id)
    if (session === undefined) continue
    const { userId, revokedAt, idleExpiresAt, absoluteExpiresAt } = session
    const isLive = revokedAt === null && idleExpiresAt > now() && absoluteExpiresAt > now()
    sessions.set(id, { userId, isLive })
  }
  const faces = new Map<Face, { readonly userId: string; readonly unionid: string | null }>()
  for (const person of people)
    for (const app of twoApps) {
      const face = faceOf(app, person)
      const openid = openidOf(face)
      const identity = openid === undefined ? undefined : await store.findIdentity(appidOf(face), openid)
      if (identity !== undefined) faces.set(face, identity)
    }
  const owner = await store.findPhoneOwner(number)
  const isProved = owner !== undefined && (await store.findPhone(owner))?.smsVerifiedAt !== null
  if (isProved) faces.set(smsFace(number), { userId: owner, unionid: null })
  for (const person of people) {
    const password = await store.findPassword({ account: accountOf(person) })
    if (password !== undefined) faces.set(passwordFace(person), { userId: password.userId, unionid: null })
  }
  return { users: seenUsers, sessions, faces, merges }
}

/** The events that the audit has to have of what is different after a step, sorted: one for each change. */
export function eventsBetween(before: Snapshot, after: Snapshot): readonly string[] {
  const events: string[] = []
  const tell = (type: string, userId: string) => void events.push(`${type} of ${userId}`)
  for (const [id, user] of after.users) {
    const was = before.users.get(id)
    if (was === undefined) tell("user.created", id)
    if (user.isLeaving && was?.isLeaving !== true) tell("user.leaving", id)
    if (!user.isLeaving && was?.isLeaving === true) tell("user.restored", id)
  }
  for (const id of before.users.keys()) if (!after.users.has(id)) tell("user.purged", id)
  const changed = [...after.merges.values()].filter(
    ({ id, undoneAt }) => before.merges.get(id)?.undoneAt !== undoneAt,
  )
  for (const { survivorId, absorbedId, undoneAt } of changed)
    for (const side of [survivorId, absorbedId])
      tell(undoneAt === null ? "user.merged" : "user.merge_undone", side)
  // A number that goes along with a merge, or comes back with its end, has no event of its own.
  if (changed.length === 0) {
    events.push(...phoneEvents(before, after))
    for (const [face, { userId }] of after.faces)
      if (isPassword(face) && !before.faces.has(face)) tell("password.set", userId)
    for (const [face, { userId }] of before.faces)
      if (isPassword(face) && !after.faces.has(face) && after.users.has(userId))
        tell("password.removed", userId)
  }
  for (const [face, { userId, unionid }] of after.faces) {
    if (!isIdentity(face)) continue
    const was = before.faces.get(face)
    if (was === undefined && before.users.has(userId)) tell("identity.attached", userId)
    if (was !== undefined && was.unionid === null && unionid !== null) tell("unionid.attached", userId)
  }
  for (const [face, { userId }] of before.faces)
    if (isIdentity(face) && !after.faces.has(face) && after.users.has(userId))
      tell("identity.detached", userId)
  for (const [id, { userId, isLive }] of after.sessions) {
    const was = before.sessions.get(id)
    if (was === undefined) tell("session.opened", userId)
    if (!isLive && was?.isLive !== false) tell("session.ended", userId)
  }
  return events.sort()
}

function hasOpened(before: Snapshot, after: Snapshot, userId: string): boolean {
  return [...after.sessions].some(([id, session]) => session.userId === userId && !before.sessions.has(id))
}

const isPassword = (face: Face) => face.startsWith("password ")

function phoneEvents(before: Snapshot, after: Snapshot): readonly string[] {
  return [...after.users].flatMap(([id, { phone, verifiedAt }]) => {
    const was = before.users.get(id)
    if (phone === undefined) return was?.phone === undefined ? [] : [`phone.unbound of ${id}`]
    // A login by digits vouches for the number anew, and its own event tells so.
    const isRenewedByLogin = phone === was?.phone && hasOpened(before, after, id)
    return isRenewedByLogin || (verifiedAt === was?.verifiedAt && phone === was?.phone)
      ? []
      : [`phone.bound of ${id}`]
  })
}

/** The events that the audit has of everybody in a world since a moment, sorted. */
export async function eventsSince({ store, users }: World, since: number): Promise<readonly string[]> {
  const events: string[] = []
  for (const id of users)
    for (const { type, at } of await store.listAuditEvents(id, 100))
      if (at > since) events.push(`${type} of ${id}`)
  return events.sort()
}
