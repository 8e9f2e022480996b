import type { MemoryState, RunInMemory } from "./memory-state.ts"
import type {
  ClearOutcome,
  ClearRequest,
  ProfileOutcome,
  ProfileRequest,
  ProfileStore,
} from "./profile-store.ts"
import { updatedDetail } from "./session-events.ts"
import type { ProfileChange, UserProfile } from "./store.ts"

/** Profiles and the names of avatars, in memory. */
export function profilesInMemory(state: MemoryState, run: RunInMemory): ProfileStore {
  const { users, mergedInto, avatars } = state

  function find(userId: string): UserProfile | undefined {
    const user = users.get(userId)
    return user === undefined || user.leavesAt !== null || mergedInto.has(userId) ? undefined : user
  }

  const namesOf = (userId: string) =>
    [...avatars].filter(([, kept]) => kept.userId === userId).map(([name]) => name)

  function write(
    user: UserProfile,
    change: ProfileChange,
    { userId, now, actor, eventId }: Omit<ProfileRequest, "change">,
  ): UserProfile {
    const { nickname = user.nickname, avatarUrl = user.avatarUrl } = change
    const detail = updatedDetail(change)
    const changed = { ...user, nickname, avatarUrl, updatedAt: now }
    users.set(userId, changed)
    state.audit.push({ id: eventId, at: now, type: "user.updated", userId, actor, detail })
    return changed
  }

  function release(userId: string, except: string | undefined): void {
    for (const name of namesOf(userId))
      if (name !== except && avatars.get(name)?.removeAfter === null)
        avatars.set(name, { userId, removeAfter: 0 })
  }

  const isUnused = (name: string, now: number) => (avatars.get(name)?.removeAfter ?? Infinity) <= now

  function changeProfile(request: ProfileRequest): ProfileOutcome {
    const { userId, change, avatar, now } = request
    const user = find(userId)
    if (user === undefined) return { kind: "gone" }
    if (avatar !== undefined) {
      if (avatars.get(avatar)?.userId !== userId || isUnused(avatar, now)) return { kind: "avatar_unknown" }
      avatars.set(avatar, { userId, removeAfter: null })
    }
    const changed = write(user, change, request)
    if (change.avatarUrl !== undefined) release(userId, avatar)
    return { kind: "changed", user: changed, unused: namesOf(userId).filter(name => isUnused(name, now)) }
  }

  function clearProfile(request: ClearRequest): ClearOutcome | undefined {
    const { userId, changedUntil, fields, now } = request
    const user = find(userId)
    if (user === undefined || user.updatedAt > changedUntil) return undefined
    const cleared = fields.filter(field => user[field] !== null)
    if (cleared.length === 0) return undefined
    write(user, Object.fromEntries(cleared.map(field => [field, null])), request)
    if (cleared.includes("avatarUrl")) release(userId, undefined)
    return { cleared, unused: namesOf(userId).filter(name => isUnused(name, now)) }
  }

  return {
    changeProfile: request => run(() => changeProfile(request)),
    clearProfile: request => run(() => clearProfile(request)),
    reserveAvatar: ({ name, userId, removeAfter }) =>
      run(() => void avatars.set(name, { userId, removeAfter })),
    listAvatars: userId => run(() => namesOf(userId).sort()),
    listUnusedAvatars: (now, limit) =>
      run(() =>
        [...avatars]
          .filter(([name]) => isUnused(name, now))
          .sort(([, one], [, other]) => (one.removeAfter ?? 0) - (other.removeAfter ?? 0))
          .slice(0, limit)
          .map(([name]) => name),
      ),
    forgetAvatar: name => run(() => void avatars.delete(name)),
  }
}
