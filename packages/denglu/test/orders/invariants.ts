import { eventsBetween, eventsSince, type Snapshot } from "./snapshot.ts"
import type { Face, Held, World } from "./world.ts"

/**
 * Looks at a world after a step, and says what must not be. Nothing in here knows of steps, so that whatever comes to them is held against the
 * same rules.
 */
export async function violations(world: World, before: Snapshot, after: Snapshot, since: number) {
  return [
    ...ownersAsProved(world, after),
    ...phonesAsProved(world, after),
    ...nobodyLockedOut(world, after),
    ...(await conflictsShown(world, after)),
    ...(await sessionsAsProved(world, after)),
    ...auditIsWhole(eventsBetween(before, after), await eventsSince(world, since)),
  ]
}

/** Who stands behind a code belongs to whom its proofs say, and to nobody else. */
function ownersAsProved({ expected }: World, { faces }: Snapshot): readonly string[] {
  const all = new Set<Face>([...expected.owners.keys(), ...faces.keys()])
  return [...all].flatMap(face => {
    const [is, has] = [faces.get(face)?.userId, expected.owners.get(face)]
    return is === has ? [] : [`${face} is ${is}'s, though the proofs say ${has}`]
  })
}

/** A number has one owner at most, who has proved it. */
function phonesAsProved({ expected, users }: World, after: Snapshot): readonly string[] {
  const owners = new Map<string, string>()
  return [...users].flatMap(id => {
    const phone = after.users.get(id)?.phone
    const wrong = phone === expected.phones.get(id) ? [] : [`${id} has the number ${phone}`]
    if (phone === undefined) return wrong
    const other = owners.get(phone)
    owners.set(phone, id)
    return other === undefined ? wrong : [...wrong, `${phone} is that of ${other} and of ${id}`]
  })
}

/** Whoever is a user has a way in. */
function nobodyLockedOut({ expected }: World, { users, faces }: Snapshot): readonly string[] {
  return [...users].flatMap(([id, { survivorId }]) => {
    const wrong: string[] = []
    const waysIn = [...faces.values()].filter(({ userId }) => userId === id)
    if (waysIn.length === 0 && survivorId === undefined) wrong.push(`${id} has no way in`)
    if (expected.gone.has(id)) wrong.push(`${id} was erased and is there`)
    if (survivorId !== expected.survivors.get(id)) wrong.push(`${id} is merged into ${survivorId}`)
    return wrong
  })
}

/** One unionid is one user, or the conflict can be seen. */
async function conflictsShown({ store }: World, { faces }: Snapshot): Promise<readonly string[]> {
  const ownersOf = new Map<string, Set<string>>()
  for (const { userId, unionid } of faces.values())
    if (unionid !== null) ownersOf.set(unionid, (ownersOf.get(unionid) ?? new Set()).add(userId))
  const several = [...ownersOf].filter(([, owners]) => owners.size > 1).map(([unionid]) => unionid)
  if (ownersOf.size === 0) return []
  const shown = new Set<string>()
  let cursor: string | undefined = ""
  while (cursor !== undefined) {
    const page: Awaited<ReturnType<typeof store.listConflicts>> = await store.listConflicts(cursor)
    for (const { unionid } of page.conflicts) shown.add(unionid)
    cursor = page.cursor
  }
  const mine = [...faces.keys()].flatMap(face => faces.get(face)?.unionid ?? [])
  const wrong = several.filter(unionid => !shown.has(unionid))
  const needless = mine.filter(unionid => shown.has(unionid) && !several.includes(unionid))
  return [
    ...wrong.map(unionid => `nobody is told of the conflict about ${unionid}`),
    ...needless.map(unionid => `a conflict about ${unionid} is told where there is none`),
  ]
}

/** A session is alive as long as its proof holds, and is of whom it proved; a dead one opens nothing. */
async function sessionsAsProved(world: World, after: Snapshot): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const session of world.held) wrong.push(...(await sessionAsProved(world, after, session)))
  return wrong
}

async function sessionAsProved(world: World, after: Snapshot, session: Held): Promise<readonly string[]> {
  const { expected, send } = world
  const { id, face, accessToken, refreshToken } = session
  const wrong: string[] = []
  const seen = after.sessions.get(id)
  const isLive = expected.live.has(id)
  if (seen !== undefined && seen.isLive !== isLive)
    wrong.push(`the session of ${face} is ${isLive ? "dead" : "alive"}`)
  const me = await send("GET", "/me", { token: accessToken })
  if (isLive) {
    const owner = expected.owners.get(face)
    if (me.status !== 200) wrong.push(`the session of ${face} is answered ${me.status} ${me.body.code}`)
    if (me.body.id !== owner) wrong.push(`the session of ${face} shows ${me.body.id} and not ${owner}`)
    if (seen?.userId !== owner) wrong.push(`the session of ${face} is that of ${seen?.userId}, not ${owner}`)
    return wrong
  }
  if (me.status !== 401) wrong.push(`the ended session of ${face} is answered ${me.status}`)
  const again = await send("POST", "/refresh", { body: { refresh_token: refreshToken } })
  if (again.status !== 401) wrong.push(`the ended session of ${face} is refreshed with ${again.status}`)
  return wrong
}

function auditIsWhole(changes: readonly string[], recorded: readonly string[]): readonly string[] {
  if (changes.join() === recorded.join()) return []
  return [`the audit has [${recorded.join(", ")}] where [${changes.join(", ")}] was changed`]
}
