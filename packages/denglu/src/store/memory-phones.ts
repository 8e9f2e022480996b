import type { MemoryState, RunInMemory } from "./memory-state.ts"
import type { BindPhoneOutcome, PhoneBinding, PhoneStore, UnbindPhone } from "./phone-store.ts"

/** Phone numbers, in memory. */
export function phonesInMemory(state: MemoryState, run: RunInMemory): PhoneStore {
  const { users, phones, phoneOwners } = state

  function bind({ userId, eventId, ...phone }: PhoneBinding): BindPhoneOutcome {
    if (!users.has(userId)) return "gone"
    const owner = phoneOwners.get(phone.phone) ?? userId
    if (owner !== userId) return "taken"
    const had = phones.get(userId)
    if (had !== undefined) phoneOwners.delete(had.phone)
    phones.set(userId, phone)
    phoneOwners.set(phone.phone, userId)
    const outcome = had === undefined ? "bound" : had.phone === phone.phone ? "renewed" : "changed"
    state.audit.push({
      id: eventId,
      at: phone.verifiedAt,
      type: "phone.bound",
      userId,
      appid: phone.appid,
      actor: "user",
      detail: { outcome },
    })
    return outcome
  }

  function unbind({ userId, now, actor, eventId, only }: UnbindPhone): boolean {
    const had = phones.get(userId)
    if (had === undefined) return false
    if (only !== undefined && (had.appid !== only.appid || had.verifiedAt > only.verifiedUntil)) return false
    phones.delete(userId)
    phoneOwners.delete(had.phone)
    state.audit.push({ id: eventId, at: now, type: "phone.unbound", userId, actor })
    return true
  }

  return {
    bindPhone: binding => run(() => bind(binding)),
    unbindPhone: request => run(() => unbind(request)),
    findPhone: userId => run(() => phones.get(userId)),
    findPhoneOwner: phone => run(() => phoneOwners.get(phone)),
  }
}
