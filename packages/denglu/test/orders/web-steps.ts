import {
  deleteMe,
  either,
  endCoolingOff,
  expectCode,
  isLive,
  keysOf,
  latestOf,
  link,
  logIn,
  merge,
  type Step,
  somebody,
  unlink,
  userOf,
} from "./steps.ts"
import { accountOf, appidOf, type Face, faceOf, passwordFace, smsFace, type World } from "./world.ts"

/** The ways in of web pages, and how they come to be one's own and go. */
export const webSteps: readonly Step[] = [
  { name: "mini program", actions: [world => logIn(world, "shop")] },
  { name: "SMS", actions: [logInBySms] },
  { name: "password", actions: [choosePassword, logInByPassword] },
  { name: "link", actions: [world => (world.draw(either) ? link(world) : bindBySms(world))] },
  { name: "unlink", actions: [world => world.draw([unlink, unbindPhone, removePassword])(world)] },
  { name: "merge", actions: [merge] },
  { name: "delete", actions: [deleteMe, endCoolingOff] },
]

const secret = "Donaudampfer 7392 auf Fahrt"

/** Opens a session by a face that is somebody's, unless they are leaving and don't want back. */
async function openBy(world: World, face: Face, person: string, path: string, body: object): Promise<void> {
  const { expected, send, draw, held, address } = world
  const owner = expected.owners.get(face)
  const restore = draw(either)
  const isLeaving = owner !== undefined && expected.leaving.has(owner)
  const answer = await send("POST", path, { address, body: { ...body, ...(restore && { restore }) } })
  expectCode(answer, isLeaving && !restore ? "account_deleted" : undefined, `login by ${face}`)
  if (answer.status !== 200) return
  const { access_token: accessToken, refresh_token: refreshToken, session_id: id, user } = answer.body
  if (owner === undefined ? !user.is_new : user.id !== owner) throw new Error(`${face} is ${user.id}`)
  expected.leaving.delete(user.id)
  expected.owners.set(face, user.id)
  world.users.add(user.id)
  expected.live.add(id)
  held.push({ id, person, face, accessToken, refreshToken })
}

/** The number is everybody's who has the phone: only a user who has proved it is opened by it. */
async function logInBySms(world: World): Promise<void> {
  const { expected, digits, number } = world
  const person = somebody(world)
  await openBy(world, smsFace(number), person, "/login/sms", await digits("login"))
  const owner = expected.owners.get(smsFace(number))
  if (owner !== undefined) expected.phones.set(owner, number)
}

async function logInByPassword(world: World): Promise<void> {
  const person = somebody(world)
  const face = passwordFace(person)
  const body = { account: accountOf(person), password: secret }
  if (world.expected.owners.has(face)) return openBy(world, face, person, "/login/password", body)
  const answer = await world.send("POST", "/login/password", { address: world.address, body })
  expectCode(answer, "credentials_invalid", `login by ${face}, which nobody has`)
}

/** The first one, with a code of one's own or of the other person. */
async function choosePassword(world: World): Promise<void> {
  const { expected, send, code, draw, people } = world
  const { owners } = expected
  const session = latestOf(world, somebody(world))
  if (session === undefined || owners.has(passwordFace(session.person))) return
  const proof = faceOf("shop", draw([session.person, ...people]))
  const body = {
    account: accountOf(session.person),
    password: secret,
    appid: appidOf(proof),
    code: code(proof),
  }
  const { accessToken: token } = session
  const userId = isLive(world, session) ? userOf(world, session) : ""
  if (keysOf(owners, userId).some(face => face.startsWith("password "))) return
  const answer = await send("POST", "/me/password", { token, body, address: world.address })
  if (!isLive(world, session)) return expectCode(answer, "session_revoked", "a password by an ended session")
  const isOwn = owners.get(proof) === userId
  expectCode(answer, isOwn ? undefined : "person_mismatch", `a password by ${proof}`)
  if (isOwn) owners.set(passwordFace(session.person), userId)
}

async function bindBySms(world: World): Promise<void> {
  const { expected, send, digits, number } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined || !isLive(world, session)) return
  const { accessToken: token } = session
  const answer = await send("POST", "/me/phone", { token, body: await digits("bind", token) })
  const userId = userOf(world, session)
  const owner = [...expected.phones].find(([, known]) => known === number)?.[0] ?? userId
  expectCode(answer, owner === userId ? undefined : "phone_taken", `number of ${session.face}`)
  if (owner !== userId) return
  expected.phones.set(userId, number)
  expected.owners.set(smsFace(number), userId)
}

async function unbindPhone(world: World): Promise<void> {
  const { expected, send, number } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined || !isLive(world, session)) return
  const userId = userOf(world, session)
  const face = smsFace(number)
  const isLast = expected.owners.get(face) === userId && keysOf(expected.owners, userId).length === 1
  const answer = await send("DELETE", "/me/phone", { token: session.accessToken })
  expectCode(answer, isLast ? "last_way_in" : undefined, `unbinding of ${session.face}`)
  if (isLast || expected.owners.get(face) !== userId) return
  expected.phones.delete(userId)
  forget(world, face)
}

/** By a session of another way in: one's own would stay. */
async function removePassword(world: World): Promise<void> {
  const { expected, send } = world
  const session = latestOf(world, somebody(world))
  if (session === undefined || !isLive(world, session) || session.face.startsWith("password ")) return
  const ways = keysOf(expected.owners, userOf(world, session))
  const face = ways.find(way => way.startsWith("password "))
  const answer = await send("DELETE", "/me/password", { token: session.accessToken })
  const code = face === undefined ? "not_found" : ways.length === 1 ? "last_way_in" : undefined
  expectCode(answer, code, `no more password of ${session.face}`)
  if (code === undefined) forget(world, face as Face)
}

function forget({ expected, held }: World, face: Face): void {
  expected.owners.delete(face)
  for (const { id, face: opened } of held) if (opened === face) expected.live.delete(id)
}
