import type { AuditEvent } from "./audit-store.ts"
import { giveBackPasswordInMemory, movePasswordInMemory } from "./memory-passwords.ts"
import { giveBackPhoneInMemory, liveBySms } from "./memory-phones.ts"
import { type MemoryState, pairKey, type RunInMemory, revokeInMemory } from "./memory-state.ts"
import { waysInMemory } from "./memory-ways.ts"
import {
  type AttachRequest,
  type Conflict,
  type DetachRequest,
  type Merge,
  type MergeOutcome,
  type MergeRefusal,
  type MergeRequest,
  type PeopleStore,
  type UndoOutcome,
  type UndoRequest,
  undoableFor,
} from "./people-store.ts"
import { isLive } from "./session-rules.ts"
import type { Identity, OwnedIdentity, RevocationReason, Session, User } from "./store.ts"
import { opens } from "./ways-in.ts"

/** What a merge moved, as keys of the maps. */
export interface MovedInMemory {
  readonly identities: readonly string[]
  readonly unionids: readonly string[]
  readonly phone: { readonly phone: string; readonly dropped: boolean } | undefined
  readonly pointers: readonly string[]
}

/** Identities, conflicts and merges in memory. */
export function peopleInMemory(state: MemoryState, run: RunInMemory): PeopleStore {
  const { users, identities, identitiesOfUser, userOfUnionid, sessions, sessionsOfUser } = state
  const { mergedInto, leaving, merges, phones } = state

  const record = (event: AuditEvent) => void state.audit.push(event)
  const keysOf = (userId: string) => identitiesOfUser.get(userId) ?? []

  function userOf(id: string): User | undefined {
    const user = users.get(id)
    return user && { ...user, identities: keysOf(id).map(key => withoutUser(identities.get(key))) }
  }

  function give(key: string, userId: string): void {
    const identity = identities.get(key) as OwnedIdentity
    const left = keysOf(identity.userId).filter(known => known !== key)
    identitiesOfUser.set(identity.userId, left)
    identities.set(key, { ...identity, userId })
    // In the order in which they came.
    const all = [...keysOf(userId), key]
    const order = [...identities.keys()]
    identitiesOfUser.set(
      userId,
      all.sort((one, other) => order.indexOf(one) - order.indexOf(other)),
    )
  }

  const liveOf = (userId: string, now: number) =>
    [...(sessionsOfUser.get(userId) ?? [])]
      .map(id => sessions.get(id) as Session)
      .filter(session => isLive(session, now))

  function end(
    ending: readonly Session[],
    reason: RevocationReason,
    actor: AuditEvent["actor"],
    now: number,
  ): string[] {
    for (const session of ending) revokeInMemory(state, session, reason, now, actor)
    return ending.map(({ id }) => id)
  }

  const phoneOf = (userId: string) => [...phones.values()].find(kept => kept.userId === userId)?.phone

  function absorbedBy(userId: string): string[] {
    const found: { readonly id: string; readonly at: number }[] = []
    const waiting = [userId]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const { survivorId, absorbedId, undoneAt, at } of merges.values()) {
        if (survivorId !== next || undoneAt !== null || absorbedId === userId) continue
        found.push({ id: absorbedId, at })
        waiting.push(absorbedId)
      }
    return found.sort((one, other) => one.at - other.at).map(({ id }) => id)
  }

  function refusalOf(survivorId: string, absorbedId: string): MergeRefusal | undefined {
    if (survivorId === absorbedId) return "same"
    if (!users.has(survivorId) || !users.has(absorbedId)) return "unknown"
    if (mergedInto.has(survivorId) || mergedInto.has(absorbedId)) return "merged"
    return leaving.has(survivorId) || leaving.has(absorbedId) ? "leaving" : undefined
  }

  function merge(request: MergeRequest): MergeOutcome {
    const { id, survivorId, absorbedId, dropPhone, actor, now } = request
    const refusal = refusalOf(survivorId, absorbedId)
    if (refusal !== undefined) return { kind: "refused", why: refusal }
    const phone = phoneOf(absorbedId)
    const dropped = phone !== undefined && phoneOf(survivorId) !== undefined
    if (dropped && !dropPhone) return { kind: "refused", why: "phone" }
    const moved: MovedInMemory = {
      identities: keysOf(absorbedId),
      unionids: [...userOfUnionid].filter(([, owner]) => owner === absorbedId).map(([key]) => key),
      phone: phone === undefined ? undefined : { phone, dropped },
      pointers: absorbedBy(absorbedId),
    }
    for (const key of moved.identities) give(key, survivorId)
    for (const key of moved.unionids) userOfUnionid.set(key, survivorId)
    const kept = phone === undefined ? undefined : phones.get(phone)
    if (kept !== undefined) {
      if (dropped) state.droppedPhones.set(id, kept)
      if (dropped) phones.delete(kept.phone)
      else phones.set(kept.phone, { ...kept, userId: survivorId })
    }
    movePasswordInMemory(state, id, survivorId, absorbedId)
    for (const pointer of [absorbedId, ...moved.pointers]) mergedInto.set(pointer, survivorId)
    const facts: Merge = { id, survivorId, absorbedId, at: now, actor, undoneAt: null, isUndoable: true }
    merges.set(id, { ...facts, moved })
    const type = "user.merged"
    record({
      id: `${id}:survivor`,
      at: now,
      type,
      userId: survivorId,
      actor,
      detail: { absorbed: absorbedId },
    })
    record({
      id: `${id}:absorbed`,
      at: now,
      type,
      userId: absorbedId,
      actor,
      detail: { survivor: survivorId },
    })
    return {
      kind: "merged",
      merge: facts,
      endedSessions: end(liveOf(absorbedId, now), "merged", actor, now),
    }
  }

  function undo({ id, actor, now }: UndoRequest): UndoOutcome {
    const kept = merges.get(id)
    if (kept === undefined) return { kind: "refused", why: "unknown" }
    const { survivorId, absorbedId, moved } = kept
    const holderId = mergedInto.get(survivorId) ?? survivorId
    if (!users.has(holderId) || !users.has(absorbedId)) return { kind: "refused", why: "unknown" }
    if (kept.undoneAt !== null) return { kind: "refused", why: "undone" }
    if (moved === undefined || now - kept.at > undoableFor) return { kind: "refused", why: "too_late" }
    const opened = liveOf(holderId, now).filter(
      ({ appid, openid }) => openid !== null && moved.identities.includes(pairKey(appid, openid)),
    )
    if (moved.phone?.dropped === false && phones.get(moved.phone.phone)?.userId === holderId)
      opened.push(...liveBySms(state, holderId, now))
    for (const key of moved.unionids)
      if (userOfUnionid.get(key) === holderId) userOfUnionid.set(key, absorbedId)
    for (const key of moved.identities) if (identities.get(key)?.userId === holderId) give(key, absorbedId)
    giveBackPhoneInMemory(state, id, moved.phone, holderId, absorbedId)
    const isBack = giveBackPasswordInMemory(state, id, holderId, absorbedId)
    const byPassword = isBack ? liveOf(holderId, now).filter(({ openedBy }) => openedBy === "password") : []
    mergedInto.delete(absorbedId)
    for (const pointer of moved.pointers)
      if (mergedInto.get(pointer) === holderId) mergedInto.set(pointer, absorbedId)
    const { moved: _, ...facts } = { ...kept, undoneAt: now, isUndoable: false }
    merges.set(id, { ...facts, moved: undefined })
    const type = "user.merge_undone"
    record({ id: `${id}:undone`, at: now, type, userId: survivorId, actor, detail: { absorbed: absorbedId } })
    record({
      id: `${id}:restored`,
      at: now,
      type,
      userId: absorbedId,
      actor,
      detail: { survivor: survivorId },
    })
    return {
      kind: "undone",
      merge: facts,
      endedSessions: end([...opened, ...byPassword], "merge_undone", actor, now),
    }
  }

  function attach(request: AttachRequest) {
    const { id, userId, appid, openid, unionid, openPlatform, sessionKey, now } = request
    if (!users.has(userId) || mergedInto.has(userId) || leaving.has(userId)) return { kind: "gone" } as const
    const key = pairKey(appid, openid)
    const unionKey = unionid === null ? undefined : pairKey(openPlatform, unionid)
    const known = identities.get(key)
    if (known?.userId === userId) return { kind: "known" } as const
    const owner = known?.userId ?? (unionKey === undefined ? userId : userOfUnionid.get(unionKey))
    if (owner !== undefined && owner !== userId) return { kind: "taken", userId: owner } as const
    identities.set(key, { userId, appid, openid, unionid, openPlatform, createdAt: now })
    identitiesOfUser.set(userId, [...keysOf(userId), key])
    if (unionKey !== undefined) userOfUnionid.set(unionKey, userId)
    const { sealed, fingerprint } = sessionKey
    if (fingerprint !== "")
      state.sessionKeys.set(key, { current: sealed, previous: undefined, changedAt: now, fingerprint })
    record({ id, at: now, type: "identity.attached", userId, appid, actor: "user" })
    return { kind: "attached" } as const
  }

  function detach({ id, userId, appid, openid, actor = "user", ways, now }: DetachRequest) {
    const key = pairKey(appid, openid)
    const identity = identities.get(key)
    if (identity?.userId !== userId) return { kind: "unknown" } as const
    const left = keysOf(userId).filter(known => known !== key)
    if (waysInMemory(state, userId, ways).length <= (opens(appid, ways) ? 1 : 0))
      return { kind: "last" } as const
    identities.delete(key)
    identitiesOfUser.set(userId, left)
    state.sessionKeys.delete(key)
    const unionKey = identity.unionid === null ? "" : pairKey(identity.openPlatform, identity.unionid)
    const isStillHere = left.some(other => {
      const { unionid, openPlatform } = identities.get(other) as OwnedIdentity
      return unionid === identity.unionid && openPlatform === identity.openPlatform
    })
    if (!isStillHere && userOfUnionid.get(unionKey) === userId) userOfUnionid.delete(unionKey)
    record({ id, at: now, type: "identity.detached", userId, appid, actor })
    const opened = liveOf(userId, now).filter(session => session.appid === appid && session.openid === openid)
    return {
      kind: "detached",
      endedSessions: end(opened, actor === "user" ? "revoked_by_user" : "revoked_by_wechat", actor, now),
    } as const
  }

  function conflicts(): Conflict[] {
    return [...identities.values()].flatMap(identity => {
      const { unionid, openPlatform, userId } = identity
      if (unionid === null) return []
      const ownerId = userOfUnionid.get(pairKey(openPlatform, unionid)) ?? userId
      return ownerId === userId ? [] : [{ ...identity, unionid, ownerId }]
    })
  }

  const listed = (which: (merge: Merge) => boolean) =>
    [...merges.values()].filter(which).map(({ moved: _, ...facts }): Merge => facts)

  return {
    resolveUser: id =>
      run(() => {
        const user = userOf(mergedInto.get(id) ?? id)
        return user && { ...user, mergedIds: absorbedBy(user.id) }
      }),
    findUsersBy: what =>
      run(() => {
        const found = [...identities.values()].flatMap(({ openid, unionid, openPlatform, userId }) => {
          if ("openid" in what) return openid === what.openid ? [userId] : []
          return unionid === what.unionid ? [userOfUnionid.get(pairKey(openPlatform, unionid)) ?? userId] : []
        })
        return [...new Set(found)].sort()
      }),
    attachIdentity: request => run(() => attach(request)),
    detachIdentity: request => run(() => detach(request)),
    listConflicts: () => run(() => ({ conflicts: conflicts() })),
    previewMerge: (survivorId, absorbedId, now) =>
      run(() => {
        const phone = phoneOf(absorbedId)
        return {
          survivor: userOf(survivorId),
          absorbed: userOf(absorbedId),
          phone,
          dropsPhone: phone !== undefined && phoneOf(survivorId) !== undefined,
          sessions: liveOf(absorbedId, now).length,
          refusal: refusalOf(survivorId, absorbedId),
        }
      }),
    mergeUsers: request => run(() => merge(request)),
    undoMerge: request => run(() => undo(request)),
    listMergesOf: userId =>
      run(() =>
        listed(({ survivorId, absorbedId }) => survivorId === userId || absorbedId === userId).reverse(),
      ),
    listMergesSince: (since, limit) =>
      run(() => listed(({ at, undoneAt }) => at >= since || (undoneAt ?? -1) >= since).slice(0, limit)),
    // Nothing comes between the steps of a login here, so nothing goes astray.
    endStraySessions: () => run(() => []),
    forgetMoved: (before, limit) =>
      run(() => {
        const old = [...merges.values()].filter(({ at, moved }) => at < before && moved !== undefined)
        for (const kept of old.slice(0, limit)) {
          merges.set(kept.id, { ...kept, isUndoable: false, moved: undefined })
          state.droppedPhones.delete(kept.id)
          state.movedPasswords.delete(kept.id)
        }
        return Math.min(old.length, limit)
      }),
  }
}

function withoutUser(identity: OwnedIdentity | undefined): Identity {
  const { userId: _, ...rest } = identity as OwnedIdentity
  return rest
}
