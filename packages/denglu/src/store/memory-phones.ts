import type { KeptPhone, MemoryState, RunInMemory } from "./memory-state.ts"
import type { BindPhoneOutcome, Phone, PhoneBinding, PhoneStore, UnbindPhone } from "./phone-store.ts"

/** Phone numbers, in memory. */
export function phonesInMemory(state: MemoryState, run: RunInMemory): PhoneStore {
  const { users, mergedInto, phones } = state

  const find = (userId: string): KeptPhone | undefined =>
    [...phones.values()].find(kept => kept.userId === userId)

  function bind({ eventId, ...given }: PhoneBinding): BindPhoneOutcome {
    const { userId, phone, appid, verifiedAt: at } = given
    if (!users.has(userId) || mergedInto.has(userId)) return "gone"
    const owner = phones.get(phone)?.userId ?? userId
    if (owner !== userId) return "taken"
    const had = find(userId)
    if (had !== undefined) phones.delete(had.phone)
    phones.set(phone, given)
    const outcome = had === undefined ? "bound" : had.phone === phone ? "renewed" : "changed"
    state.audit.push({
      id: eventId,
      at,
      type: "phone.bound",
      userId,
      appid,
      actor: "user",
      detail: { outcome },
    })
    return outcome
  }

  function unbind({ userId, now, actor, eventId, only }: UnbindPhone): boolean {
    const had = find(userId)
    if (had === undefined) return false
    if (only !== undefined && (had.appid !== only.appid || had.verifiedAt > only.verifiedUntil)) return false
    phones.delete(had.phone)
    state.audit.push({ id: eventId, at: now, type: "phone.unbound", userId, actor })
    return true
  }

  function findPhone(userId: string): Phone | undefined {
    const kept = find(userId)
    if (kept === undefined) return undefined
    const { userId: _, ...phone } = kept
    return phone
  }

  return {
    bindPhone: binding => run(() => bind(binding)),
    unbindPhone: request => run(() => unbind(request)),
    findPhone: userId => run(() => findPhone(userId)),
    findPhoneOwner: phone => run(() => phones.get(phone)?.userId),
  }
}
