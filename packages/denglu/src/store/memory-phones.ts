import { type KeptPhone, type MemoryState, type RunInMemory, revokeInMemory } from "./memory-state.ts"
import { waysInMemory } from "./memory-ways.ts"
import { isMeant, reasonOf } from "./phone-rules.ts"
import type {
  BindPhoneOutcome,
  Phone,
  PhoneBinding,
  PhoneStore,
  UnbindPhone,
  UnbindPhoneOutcome,
} from "./phone-store.ts"
import { isLive } from "./session-rules.ts"
import type { Session } from "./store.ts"

/** Phone numbers, in memory. */
export function phonesInMemory(state: MemoryState, run: RunInMemory): PhoneStore {
  const { phones } = state

  function unbind({ userId, now, actor, eventId, only, ways }: UnbindPhone): UnbindPhoneOutcome {
    const had = find(state, userId)
    if (had === undefined || (only !== undefined && !isMeant(had, only))) return { kind: "none" }
    if (ways !== undefined && !waysInMemory(state, userId, ways).some(way => way !== "phone"))
      return { kind: "last" }
    phones.delete(had.phone)
    state.audit.push({ id: eventId, at: now, type: "phone.unbound", userId, actor })
    const ending = liveBySms(state, userId, now)
    for (const session of ending) revokeInMemory(state, session, reasonOf(actor), now, actor)
    return { kind: "unbound", endedSessions: ending.map(({ id }) => id) }
  }

  function findPhone(userId: string): Phone | undefined {
    const kept = find(state, userId)
    if (kept === undefined) return undefined
    const { userId: _, ...phone } = kept
    return phone
  }

  return {
    bindPhone: binding => run(() => bindInMemory(state, binding)),
    unbindPhone: request => run(() => unbind(request)),
    findPhone: userId => run(() => findPhone(userId)),
    findPhoneOwner: phone => run(() => phones.get(phone)?.userId),
  }
}

function find({ phones }: MemoryState, userId: string): KeptPhone | undefined {
  return [...phones.values()].find(kept => kept.userId === userId)
}

/** See `PhoneStore.bindPhone`. */
export function bindInMemory(
  state: MemoryState,
  { eventId, sessionId, ...given }: PhoneBinding,
): BindPhoneOutcome {
  const { users, mergedInto, phones, audit } = state
  const { userId, phone, appid, verifiedAt: at, smsVerifiedAt } = given
  if (!users.has(userId) || mergedInto.has(userId)) return { kind: "gone" }
  const owner = phones.get(phone)?.userId ?? userId
  if (owner !== userId) return { kind: "taken" }
  const had = find(state, userId)
  const isRenewed = had?.phone === phone
  if (had !== undefined) phones.delete(had.phone)
  phones.set(phone, isRenewed ? { ...given, smsVerifiedAt: smsVerifiedAt ?? had.smsVerifiedAt } : given)
  const kind = isRenewed ? "renewed" : had === undefined ? "bound" : "changed"
  const where = appid === "" ? {} : { appid }
  audit.push({
    id: eventId,
    at,
    type: "phone.bound",
    userId,
    ...where,
    actor: "user",
    detail: { outcome: kind },
  })
  if (kind !== "changed") return { kind }
  const ending = liveBySms(state, userId, at).filter(({ id }) => id !== sessionId)
  for (const session of ending) revokeInMemory(state, session, reasonOf("user"), at, "user")
  return { kind, endedSessions: ending.map(({ id }) => id) }
}

/** The user's live sessions that digits sent by SMS have opened. */
export function liveBySms({ sessions, sessionsOfUser }: MemoryState, userId: string, now: number): Session[] {
  return [...(sessionsOfUser.get(userId) ?? [])]
    .map(id => sessions.get(id) as Session)
    .filter(session => session.openedBy === "sms" && isLive(session, now))
}

/** Gives a number back where the merge that moved or dropped it is undone, unless somebody has it by now. */
export function giveBackPhoneInMemory(
  state: MemoryState,
  mergeId: string,
  moved: { readonly phone: string; readonly dropped: boolean } | undefined,
  holderId: string,
  absorbedId: string,
): void {
  const { phones, droppedPhones } = state
  const dropped = droppedPhones.get(mergeId)
  droppedPhones.delete(mergeId)
  if (moved === undefined) return
  const present = phones.get(moved.phone)
  if (!moved.dropped && present?.userId === holderId)
    phones.set(moved.phone, { ...present, userId: absorbedId })
  if (dropped !== undefined && present === undefined && find(state, absorbedId) === undefined)
    phones.set(moved.phone, dropped)
}
