import { isSealedKey } from "../session-rules.ts"
import type {
  AppTokenRecord,
  Identity,
  LeavingOutcome,
  OwnedIdentity,
  RevocationReason,
  Session,
  SessionKeys,
  SessionWay,
  SigningKeyRecord,
  UserProfile,
} from "../store.ts"

/** A row, as every driver answers it: whole numbers as numbers. */
export type Row = Readonly<Record<string, unknown>>

/** The columns of a session, as {@link readSession} wants them. */
export const sessionColumns = `
  s.id, u.id AS user_id, s.appid, i.openid, s.counter, s.created_at, s.rotated_at, s.idle_expires_at,
  s.absolute_expires_at, s.revoked_at, s.revoked_reason, s.user_agent, s.opened_by`
export const sessionTables = `
  sessions s JOIN users u ON u.n = s.user_n LEFT JOIN identities i ON i.n = s.identity_n`

export function readSession(row: Row): Session {
  return {
    id: row.id as string,
    userId: row.user_id as string,
    appid: row.appid as string,
    openid: row.openid as string | null,
    counter: row.counter as number,
    createdAt: row.created_at as number,
    rotatedAt: row.rotated_at as number,
    idleExpiresAt: row.idle_expires_at as number,
    absoluteExpiresAt: row.absolute_expires_at as number,
    revokedAt: row.revoked_at as number | null,
    revokedReason: row.revoked_reason as RevocationReason | null,
    userAgent: row.user_agent as string,
    openedBy: (row.opened_by as SessionWay | null) ?? "code",
  }
}

export function readUser(row: Row): UserProfile {
  return {
    id: row.id as string,
    nickname: row.nickname as string | null,
    avatarUrl: row.avatar_url as string | null,
    createdAt: row.created_at as number,
    updatedAt: row.updated_at as number,
    leavesAt: row.leaves_at as number | null,
  }
}

/** What a login is answered, if the user of the row is leaving. */
export function leavingOutcome({ id, leaves_at: leavesAt }: Row): LeavingOutcome | undefined {
  return typeof leavesAt === "number" ? { kind: "leaving", userId: id as string, leavesAt } : undefined
}

export function readIdentity(row: Row): Identity {
  return {
    appid: row.appid as string,
    openid: row.openid as string,
    unionid: row.unionid as string | null,
    openPlatform: row.open_platform as string,
    createdAt: row.created_at as number,
  }
}

export function readOwnedIdentity(row: Row): OwnedIdentity {
  return { ...readIdentity(row), userId: row.user_id as string }
}

/** `undefined` for an identity that never brought a key. */
export function readSessionKeys(row: Row): SessionKeys | undefined {
  const current = row.session_key as string
  const previous = row.previous_session_key as string | null
  if (!isSealedKey(current)) return undefined
  return {
    current,
    previous: isSealedKey(previous) ? previous : undefined,
    changedAt: row.session_key_changed_at as number,
  }
}

export function readSigningKey(row: Row): SigningKeyRecord {
  return {
    kid: row.kid as string,
    status: row.status as SigningKeyRecord["status"],
    publicJwk: row.public_jwk as string,
    sealedPrivateKey: row.sealed_private_key as string,
    createdAt: row.created_at as number,
    statusSince: row.status_since as number,
  }
}

export function readAppToken(row: Row): AppTokenRecord {
  return {
    version: row.version as number,
    sealed: row.sealed as string | null,
    expiresAt: row.expires_at as number,
    isRefused: Number(row.refused) === 1,
    forcedAt: row.forced_at as number,
    leasedUntil: row.leased_until as number,
  }
}
