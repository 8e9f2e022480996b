import type { AuditEvent } from "./audit-store.ts"
import { openInMemory, writeInMemory } from "./memory-opening.ts"
import { type MemoryState, type RunInMemory, revokeInMemory } from "./memory-state.ts"
import { waysInMemory } from "./memory-ways.ts"
import type {
  PasswordKey,
  PasswordRecord,
  PasswordStore,
  RegisterUser,
  RegisterUserOutcome,
  RemovePassword,
  RemovePasswordOutcome,
  SetPassword,
  SetPasswordOutcome,
} from "./password-store.ts"
import { createdEvent, isLive, openedWithout } from "./session-rules.ts"
import type { RevocationReason, Session } from "./store.ts"

/** Passwords, in memory. */
export function passwordsInMemory(state: MemoryState, run: RunInMemory): PasswordStore {
  const { users, mergedInto, passwords, phones } = state

  const record = (event: AuditEvent) => void state.audit.push(event)
  const findByAccount = (account: string) => [...passwords.values()].find(kept => kept.account === account)
  const phoneOf = (userId: string) => [...phones.values()].find(kept => kept.userId === userId)

  function find(by: PasswordKey): PasswordRecord | undefined {
    if ("account" in by) return findByAccount(by.account)
    const userId = "phone" in by ? phones.get(by.phone)?.userId : by.userId
    return userId === undefined ? undefined : passwords.get(userId)
  }

  function register(request: RegisterUser): RegisterUserOutcome {
    const { userId: id, account, hash, appid, now } = request
    if (findByAccount(account) !== undefined) return { kind: "taken" }
    const user = { id, nickname: null, avatarUrl: null, createdAt: now, updatedAt: now, leavesAt: null }
    users.set(id, user)
    passwords.set(id, { userId: id, account, hash, changedAt: now })
    record(createdEvent(id, appid, now))
    record({
      id: `${id}:password`,
      at: now,
      type: "password.set",
      userId: id,
      appid,
      actor: "user",
      detail: { outcome: "registered" },
    })
    const session = openedWithout({ ...request, openedBy: "password" }, id)
    writeInMemory(state, session)
    return { kind: "opened", session, user, isNew: true }
  }

  function set(request: SetPassword): SetPasswordOutcome {
    const { userId, hash, expected, ending, now, actor, eventId } = request
    const user = users.get(userId)
    if (user === undefined || user.leavesAt !== null || mergedInto.has(userId)) return { kind: "gone" }
    const had = passwords.get(userId)
    if (expected !== undefined && (had?.hash ?? null) !== expected) return { kind: "changed" }
    const account = request.account ?? had?.account ?? null
    if (account === null && phoneOf(userId) === undefined) return { kind: "nameless" }
    if (account !== null && (findByAccount(account)?.userId ?? userId) !== userId) return { kind: "taken" }
    passwords.set(userId, { userId, account, hash, changedAt: now })
    const outcome = had === undefined ? "set" : "changed"
    record({ id: eventId, at: now, type: "password.set", userId, actor, detail: { outcome } })
    const endedSessions =
      ending === undefined
        ? []
        : end(userId, ending.reason, request, session => session.id !== ending.exceptId)
    return { kind: "set", isFirst: had === undefined, endedSessions }
  }

  function end(
    userId: string,
    reason: RevocationReason,
    { now, actor }: Pick<SetPassword, "now" | "actor">,
    which: (session: Session) => boolean,
  ): string[] {
    const ending = [...(state.sessionsOfUser.get(userId) ?? [])]
      .map(id => state.sessions.get(id) as Session)
      .filter(session => isLive(session, now) && which(session))
    for (const session of ending) revokeInMemory(state, session, reason, now, actor)
    return ending.map(({ id }) => id)
  }

  function remove(request: RemovePassword): RemovePasswordOutcome {
    const { userId, exceptId, ways, now, actor, eventId } = request
    if (!passwords.has(userId)) return { kind: "none" }
    const others = waysInMemory(state, userId, ways && { ...ways, passwords: false })
    if (others.length === 0) return { kind: "last" }
    passwords.delete(userId)
    record({ id: eventId, at: now, type: "password.removed", userId, actor })
    const byPassword = ({ id, openedBy }: Session) => openedBy === "password" && id !== exceptId
    return { kind: "removed", endedSessions: end(userId, "password_changed", request, byPassword) }
  }

  return {
    registerUser: request => run(() => register(request)),
    findPassword: by => run(() => find(by)),
    openSessionByPassword: ({ hash, ...request }) =>
      run(() =>
        passwords.get(request.userId)?.hash === hash && !mergedInto.has(request.userId)
          ? openInMemory(state, { ...request, openedBy: "password" })
          : ({ kind: "changed" } as const),
      ),
    setPassword: request => run(() => set(request)),
    rehashPassword: ({ userId, expected, hash, now, actor, eventId }) =>
      run(() => {
        const had = passwords.get(userId)
        if (had?.hash !== expected) return false
        passwords.set(userId, { ...had, hash })
        record({ id: eventId, at: now, type: "password.rehashed", userId, actor })
        return true
      }),
    removePassword: request => run(() => remove(request)),
  }
}

/** What becomes of the absorbed user's password in a merge: see `sql/merge-passwords.ts`. */
export function movePasswordInMemory(
  { passwords, movedPasswords }: MemoryState,
  mergeId: string,
  survivorId: string,
  absorbedId: string,
): void {
  const password = passwords.get(absorbedId)
  if (password === undefined) return
  const dropped = passwords.has(survivorId)
  passwords.delete(absorbedId)
  if (!dropped) passwords.set(survivorId, { ...password, userId: survivorId })
  movedPasswords.set(mergeId, { ...password, dropped })
}

/** Gives it back where the merge is undone. Answers whether the survivor lost it. */
export function giveBackPasswordInMemory(
  { passwords, movedPasswords }: MemoryState,
  mergeId: string,
  holderId: string,
  absorbedId: string,
): boolean {
  const moved = movedPasswords.get(mergeId)
  if (moved === undefined) return false
  movedPasswords.delete(mergeId)
  const { dropped, ...password } = moved
  if (dropped) {
    const isTaken = [...passwords.values()].some(
      ({ account }) => account !== null && account === password.account,
    )
    if (!isTaken && !passwords.has(absorbedId)) passwords.set(absorbedId, password)
    return false
  }
  const held = passwords.get(holderId)
  if (held?.changedAt !== password.changedAt) return false
  passwords.delete(holderId)
  passwords.set(absorbedId, { ...held, userId: absorbedId })
  return true
}
