import { DengluError } from "../errors.ts"
import { dropScansInMemory } from "./memory-scans.ts"
import { scriptedMethodsInMemory } from "./memory-scripted.ts"
import { dropSmsInMemory } from "./memory-sms.ts"
import { createMemoryState, pairKey, revokeInMemory } from "./memory-state.ts"
import { eventsOfLogIn, keyReplacedId, keysChangedEvent } from "./session-events.ts"
import { decideRotation, isLive, openedSession, rotated } from "./session-rules.ts"
import type {
  LogInEntry,
  LogInOutcome,
  OwnedIdentity,
  RotateRequest,
  Session,
  Store,
  User,
  UserProfile,
} from "./store.ts"

/**
 * A store in the memory of this process: for tests and for trying out. What it holds is gone with the process.
 *
 * Each method runs to its end without waiting, so nothing ever comes between its steps.
 */
export function createMemoryStore(): Store {
  const state = createMemoryState()
  const { users, identities, identitiesOfUser, userOfUnionid, sessionKeys, sessions, sessionsOfUser } = state
  const { appTokens, seenUntil } = state
  let closed = false

  async function run<Result>(work: () => Result): Promise<Result> {
    if (closed) throw new DengluError("store_unavailable", { message: "the store is closed" })
    return work()
  }

  function logIn(entry: LogInEntry): LogInOutcome {
    const { now, appid, openid, unionid, openPlatform, newUserId } = entry
    // As a primary key has it: nobody's session is written over.
    if (sessions.has(entry.session.id))
      throw new DengluError("store_unavailable", { message: "the session's id is taken" })
    const key = pairKey(appid, openid)
    const known = identities.get(key)
    const unionKey = unionid === undefined ? undefined : pairKey(openPlatform, unionid)
    const joined = known?.userId ?? (unionKey === undefined ? undefined : userOfUnionid.get(unionKey))
    const userId = joined ?? newUserId
    const leavesAt = users.get(userId)?.leavesAt ?? null
    if (leavesAt !== null) return { kind: "leaving", userId, leavesAt }
    const isNew = joined === undefined
    const names = { nickname: null, avatarUrl: null, leavesAt: null }
    if (isNew) users.set(userId, { id: userId, ...names, createdAt: now, updatedAt: now })
    if (known === undefined) {
      identities.set(key, { userId, appid, openid, unionid: unionid ?? null, openPlatform, createdAt: now })
      identitiesOfUser.set(userId, [...(identitiesOfUser.get(userId) ?? []), key])
    }
    const broughtUnionid = known?.unionid === null && unionid !== undefined
    if (broughtUnionid) identities.set(key, { ...known, unionid })
    if (unionKey !== undefined && !userOfUnionid.has(unionKey)) userOfUnionid.set(unionKey, userId)
    const owner = unionKey === undefined || known?.unionid !== null ? undefined : userOfUnionid.get(unionKey)
    keepSessionKey(key, entry)
    const session = openedSession(entry, userId)
    const { id } = session
    sessions.set(id, session)
    sessionsOfUser.set(userId, (sessionsOfUser.get(userId) ?? new Set()).add(id))
    const changes = { isNew, joined: known === undefined && !isNew, broughtUnionid }
    state.audit.push(...eventsOfLogIn(entry, userId, changes))
    const conflict = owner === undefined || owner === userId ? {} : { conflictsWith: owner }
    return { kind: "logged_in", user: profile(userId), isNew, session, ...conflict }
  }

  function keepSessionKey(key: string, { sessionKey: { sealed, fingerprint }, now }: LogInEntry): void {
    const kept = sessionKeys.get(key)
    if (fingerprint === "" || kept?.fingerprint === fingerprint) return
    sessionKeys.set(key, { current: sealed, previous: kept?.current, changedAt: now, fingerprint })
  }

  function profile(userId: string): UserProfile {
    return users.get(userId) as UserProfile
  }

  function rotate(request: RotateRequest) {
    const session = sessions.get(request.id)
    const decision = decideRotation(session, request)
    if (session === undefined || decision === "unknown") return { kind: "unknown" } as const
    switch (decision) {
      case "expired":
        return { kind: "expired" } as const
      case "revoked":
        return { kind: "revoked", session } as const
      case "reuse":
        return {
          kind: "reused",
          session: revokeInMemory(state, session, "refresh_reused", request.now),
        } as const
      case "replay":
        return { kind: "replayed", session, user: profile(session.userId) } as const
      case "rotate": {
        const next = rotated(session, request)
        sessions.set(next.id, next)
        return { kind: "rotated", session: next, user: profile(next.userId) } as const
      }
    }
  }

  const sessionsOf = (userId: string) =>
    [...(sessionsOfUser.get(userId) ?? [])].map(id => sessions.get(id) as Session)

  function userWithIdentities(id: string): User | undefined {
    const user = users.get(id)
    if (user === undefined) return undefined
    const found = (identitiesOfUser.get(id) ?? []).map(key => {
      const { userId: _, ...identity } = identities.get(key) as OwnedIdentity
      return identity
    })
    return { ...user, identities: found }
  }

  function purge(now: number, keepRevocationsFor: number, limit: number): number {
    const before = now - keepRevocationsFor
    let dropped = 0
    for (const session of sessions.values()) {
      if (dropped === limit) return dropped
      const end = Math.min(session.idleExpiresAt, session.absoluteExpiresAt, session.revokedAt ?? Infinity)
      if (end >= before) continue
      sessions.delete(session.id)
      sessionsOfUser.get(session.userId)?.delete(session.id)
      dropped += 1
    }
    const outlived = state.revocations.filter(({ revokedAt }) => revokedAt < before).slice(0, limit - dropped)
    if (outlived.length > 0) state.revocations = state.revocations.filter(entry => !outlived.includes(entry))
    dropped += outlived.length
    for (const [key, expiresAt] of seenUntil) {
      if (dropped === limit) return dropped
      if (expiresAt > now) continue
      seenUntil.delete(key)
      dropped += 1
    }
    dropped += dropScansInMemory(state, now, limit - dropped)
    return dropped + dropSmsInMemory(state, now, limit - dropped)
  }

  return {
    engine: "memory",
    ...scriptedMethodsInMemory(state, run),
    logIn: entry => run(() => logIn(entry)),
    rotateSession: request => run(() => rotate(request)),
    findSession: id => run(() => sessions.get(id)),
    listSessions: (userId, now) =>
      run(() =>
        sessionsOf(userId)
          .filter(session => isLive(session, now))
          .sort(latestFirst),
      ),
    listAllSessions: (now, limit) =>
      run(() =>
        [...sessions.values()]
          .filter(session => isLive(session, now))
          .sort(latestFirst)
          .slice(0, limit),
      ),
    revokeSession: (id, reason, now, userId) =>
      run(() => {
        const session = sessions.get(id)
        if (session === undefined || !isLive(session, now)) return false
        if (userId !== undefined && session.userId !== userId) return false
        revokeInMemory(state, session, reason, now)
        return true
      }),
    revokeUserSessions: (userId, reason, now, exceptId) =>
      run(() =>
        sessionsOf(userId)
          .filter(session => session.id !== exceptId && isLive(session, now))
          .map(session => revokeInMemory(state, session, reason, now).id),
      ),
    revocationsSince: cursor =>
      run(() => {
        const after = cursor === "" ? 0 : Number(cursor)
        return {
          revocations: state.revocations
            .filter(({ number }) => number > after)
            .map(({ sessionId, revokedAt }) => ({ sessionId, revokedAt })),
          cursor: String(state.revocationCount),
        }
      }),
    findUser: id => run(() => userWithIdentities(id)),
    findIdentity: (appid, openid) => run(() => identities.get(pairKey(appid, openid))),
    findSessionKeys: (appid, openid) =>
      run(() => {
        const kept = sessionKeys.get(pairKey(appid, openid))
        if (kept === undefined) return undefined
        const { fingerprint: _, ...keys } = kept
        return keys
      }),
    replaceSessionKey: (appid, openid, expected, { sealed, fingerprint }, now) =>
      run(() => {
        const key = pairKey(appid, openid)
        const kept = sessionKeys.get(key)
        if (kept?.current !== expected) return false
        sessionKeys.set(key, { current: sealed, previous: kept.current, changedAt: now, fingerprint })
        const { userId } = identities.get(key) as OwnedIdentity
        const id = keyReplacedId(sealed)
        state.audit.push({ id, at: now, type: "session_key.replaced", userId, appid, actor: "operator" })
        return true
      }),
    listSigningKeys: () => run(() => [...state.signingKeys]),
    replaceSigningKeys: (expectedKids, keys, occasion) =>
      run(() => {
        const kids = state.signingKeys.map(({ kid }) => kid)
        if (kids.length !== expectedKids.length || !kids.every(kid => expectedKids.includes(kid)))
          return false
        state.signingKeys = [...keys].sort((one, other) => one.createdAt - other.createdAt)
        state.audit.push(keysChangedEvent(keys, occasion))
        return true
      }),
    findAppToken: appid =>
      run(() => {
        const kept = appTokens.get(appid)
        if (kept === undefined) return undefined
        const { holder: _, ...record } = kept
        return record
      }),
    leaseAppToken: (appid, { holder, version, now, until }) =>
      run(() => {
        const kept = appTokens.get(appid) ?? noAppToken
        if (kept.version !== version || kept.leasedUntil > now) return false
        appTokens.set(appid, { ...kept, holder, leasedUntil: until })
        return true
      }),
    keepAppToken: (appid, holder, token) =>
      run(() => {
        const kept = appTokens.get(appid)
        if (kept?.holder !== holder) return undefined
        const version = kept.version + 1
        appTokens.set(appid, { version, ...token, isRefused: false, holder: undefined, leasedUntil: 0 })
        return version
      }),
    releaseAppToken: (appid, holder) =>
      run(() => {
        const kept = appTokens.get(appid)
        if (kept?.holder === holder) appTokens.set(appid, { ...kept, holder: undefined, leasedUntil: 0 })
      }),
    refuseAppToken: (appid, version) =>
      run(() => {
        const kept = appTokens.get(appid)
        if (kept?.version === version) appTokens.set(appid, { ...kept, isRefused: true })
      }),
    seeOnce: (key, expiresAt, now) =>
      run(() => {
        if ((seenUntil.get(key) ?? now) > now) return false
        seenUntil.set(key, expiresAt)
        return true
      }),
    purge: (now, keepRevocationsFor, limit) => run(() => purge(now, keepRevocationsFor, limit)),
    ping: () => run(() => undefined),
    async close() {
      closed = true
    },
  }
}

const noAppToken = {
  version: 0,
  sealed: null,
  expiresAt: 0,
  isRefused: false,
  forcedAt: 0,
  holder: undefined,
  leasedUntil: 0,
}

function latestFirst(one: Session, other: Session): number {
  return other.createdAt - one.createdAt
}
