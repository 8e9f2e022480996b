import type { AuditActor } from "./audit-store.ts"
import {
  backOff,
  type LeaveOutcome,
  type LeaveRequest,
  type LeavingStore,
  type LeftUser,
  type PersonalData,
  type TakeRequest,
  type UserChange,
} from "./leaving-store.ts"
import { eraseSmsInMemory } from "./memory-sms.ts"
import { type MemoryState, pairKey, type RunInMemory, revokeInMemory } from "./memory-state.ts"
import type { Merge } from "./people-store.ts"
import { isLive } from "./session-rules.ts"
import type { OwnedIdentity, Session, User, UserProfile } from "./store.ts"

/** Users who go, in memory. */
export function leavingInMemory(state: MemoryState, run: RunInMemory): LeavingStore {
  const { users, leaving, mergedInto, merges, phones, identities, identitiesOfUser } = state
  const { sessions, sessionsOfUser } = state

  const sessionsOf = (userId: string) =>
    [...(sessionsOfUser.get(userId) ?? [])].map(id => sessions.get(id) as Session)

  function endSessionsOf(userId: string, actor: AuditActor, now: number): string[] {
    const ending = sessionsOf(userId).filter(session => isLive(session, now))
    for (const session of ending) revokeInMemory(state, session, "account_deleted", now, actor)
    return ending.map(({ id }) => id)
  }

  function leave({ userId, leavesAt, now, actor, eventId }: LeaveRequest): LeaveOutcome {
    const user = users.get(userId)
    if (user === undefined || mergedInto.has(userId)) return { kind: "unknown" }
    const before = user.leavesAt
    if (before === null || leavesAt < before) {
      users.set(userId, { ...user, leavesAt })
      leaving.set(userId, { leavesAt, leftAt: now, nextTryAt: leavesAt, tries: 0 })
      state.audit.push({ id: eventId, at: now, type: "user.leaving", userId, actor, detail: { leavesAt } })
    }
    const endedSessions = endSessionsOf(userId, actor, now)
    return before === null
      ? { kind: "left", leavesAt, endedSessions }
      : { kind: "leaving", leavesAt: Math.min(before, leavesAt), endedSessions }
  }

  function restore({ userId, now, actor, eventId }: UserChange): boolean {
    const user = users.get(userId)
    if (user === undefined || user.leavesAt === null || user.leavesAt <= now) return false
    users.set(userId, { ...user, leavesAt: null })
    leaving.delete(userId)
    state.audit.push({ id: eventId, at: now, type: "user.restored", userId, actor })
    return true
  }

  function take({ now, userId }: TakeRequest): LeftUser | undefined {
    const due = [...leaving]
      .filter(([id, kept]) => kept.nextTryAt <= now && (userId === undefined || id === userId))
      .sort(([, one], [, other]) => one.nextTryAt - other.nextTryAt)
    const [first] = due
    if (first === undefined) return undefined
    const [id, kept] = first
    const tries = kept.tries + 1
    leaving.set(id, { ...kept, tries, nextTryAt: now + backOff(tries) })
    return { userId: id, leavesAt: kept.leavesAt, tries }
  }

  const absorbedBy = (userId: string) =>
    [...mergedInto].filter(([, survivorId]) => survivorId === userId).map(([id]) => id)

  function erase({ userId, now, actor, eventId }: UserChange): readonly string[] | undefined {
    const leavesAt = users.get(userId)?.leavesAt ?? null
    if (leavesAt === null || leavesAt > now) return undefined
    const erased = [userId, ...absorbedBy(userId)]
    erased.forEach((id, index) => {
      eraseOne(id, now)
      const name = index === 0 ? eventId : `${eventId}.${index}`
      state.audit.push({ id: name, at: now, type: "user.purged", userId: id, actor })
    })
    return erased
  }

  function eraseOne(userId: string, now: number): void {
    endSessionsOf(userId, "system", now)
    for (const { id } of sessionsOf(userId)) sessions.delete(id)
    sessionsOfUser.delete(userId)
    for (const key of identitiesOfUser.get(userId) ?? []) {
      const { unionid, openPlatform } = identities.get(key) as OwnedIdentity
      const unionKey = pairKey(openPlatform, unionid ?? "")
      if (state.userOfUnionid.get(unionKey) === userId) state.userOfUnionid.delete(unionKey)
      identities.delete(key)
      state.sessionKeys.delete(key)
    }
    identitiesOfUser.delete(userId)
    eraseSmsInMemory(state, userId, now)
    for (const { phone, userId: owner } of [...phones.values()]) if (owner === userId) phones.delete(phone)
    for (const [name, kept] of [...state.avatars])
      if (kept.userId === userId) state.avatars.set(name, { userId: "", removeAfter: kept.removeAfter ?? 0 })
    for (const merge of mergesOf(userId)) {
      merges.set(merge.id, { ...merge, isUndoable: false, moved: undefined })
      state.droppedPhones.delete(merge.id)
      state.movedPasswords.delete(merge.id)
    }
    state.passwords.delete(userId)
    mergedInto.delete(userId)
    leaving.delete(userId)
    for (const scan of [...state.scans.values()]) if (scan.userId === userId) state.scans.delete(scan.id)
    users.delete(userId)
  }

  const mergesOf = (userId: string) =>
    [...merges.values()].filter(
      ({ survivorId, absorbedId }) => survivorId === userId || absorbedId === userId,
    )

  function exportOf(id: string): PersonalData | undefined {
    const user = users.get(id)
    if (user === undefined) return undefined
    const found = (identitiesOfUser.get(id) ?? []).map(key => {
      const { userId: _, ...identity } = identities.get(key) as OwnedIdentity
      return identity
    })
    const absorbed = absorbedBy(id)
    const phone = [...phones.values()].find(({ userId }) => userId === id)
    const password = state.passwords.get(id)
    return {
      user: { ...user, identities: found } satisfies User,
      phone: phone && withoutOwner(phone),
      password: password && { account: password.account, changedAt: password.changedAt },
      sessions: sessionsOf(id).sort((one, other) => other.createdAt - one.createdAt),
      merges: mergesOf(id)
        .reverse()
        .map(({ moved: _, ...facts }): Merge => facts),
      sms: [...state.sms.values()]
        .filter(kept => kept.userId === id || (phone !== undefined && kept.phone === phone.phone))
        .sort((one, other) => one.createdAt - other.createdAt)
        .map(({ phone, purpose, createdAt, usedAt }) => ({ phone, purpose, createdAt, usedAt })),
      merged: absorbed.map(absorbedId => users.get(absorbedId) as UserProfile),
      events: state.audit
        .filter(({ userId }) => userId === id || absorbed.includes(userId))
        .sort((one, other) => one.at - other.at),
    }
  }

  return {
    leaveUser: request => run(() => leave(request)),
    restoreUser: request => run(() => restore(request)),
    endSessionsOfLeaving: (since, now) =>
      run(() =>
        [...leaving]
          .filter(([, { leftAt }]) => leftAt >= since)
          .map(([userId]) => ({ userId, sessionIds: endSessionsOf(userId, "system", now) }))
          .filter(({ sessionIds }) => sessionIds.length > 0),
      ),
    takeLeft: request => run(() => take(request)),
    eraseUser: request => run(() => erase(request)),
    exportUser: id => run(() => exportOf(id)),
    countOverdue: now =>
      run(() => {
        const due = [...leaving.values()].map(({ leavesAt }) => leavesAt).filter(at => at <= now)
        return { count: due.length, oldest: due.length === 0 ? undefined : Math.min(...due) }
      }),
  }
}

function withoutOwner<Kept extends { readonly userId: string }>({ userId: _, ...rest }: Kept) {
  return rest
}
