import type { LeavingStore, PersonalData } from "../store/store.ts"

/** What {@link exportPersonalData} answers: JSON with the names of the wire. */
export type ExportedData = ReturnType<typeof written>

/** Exports the data of the user who asks. @throws DengluError `rate_limited` (as a rejection) */
export type ExportData = (userId: string) => Promise<ExportedData | undefined>

/**
 * Everything that is held of a user, for that user: profile, identities, phone number, account name, sessions, messages, merges, what the audit
 * knows. No `session_key`, no password, no token, and nothing that is made of one. `undefined` if there is no such user.
 */
export async function exportPersonalData(
  store: Pick<LeavingStore, "exportUser">,
  userId: string,
): Promise<ExportedData | undefined> {
  const held = await store.exportUser(userId)
  return held && written(held)
}

const iso = (at: number) => new Date(at).toISOString()
const isoOrNull = (at: number | null) => (at === null ? null : iso(at))

function written({ user, phone, password, sessions, sms, merges, merged, events }: PersonalData) {
  return {
    user: {
      ...profile(user),
      leaves_at: isoOrNull(user.leavesAt),
    },
    identities: user.identities.map(({ appid, openid, unionid, openPlatform, createdAt }) => ({
      appid,
      openid,
      unionid,
      open_platform: openPlatform,
      created_at: iso(createdAt),
    })),
    phone:
      phone === undefined
        ? null
        : {
            phone_number: phone.phone,
            country_code: phone.countryCode,
            appid: phone.appid,
            verified_at: iso(phone.verifiedAt),
            sms_verified_at: isoOrNull(phone.smsVerifiedAt),
          },
    password:
      password === undefined ? null : { account: password.account, changed_at: iso(password.changedAt) },
    sessions: sessions.map(session => ({
      id: session.id,
      appid: session.appid,
      openid: session.openid,
      user_agent: session.userAgent,
      created_at: iso(session.createdAt),
      last_active_at: iso(session.rotatedAt),
      expires_at: iso(Math.min(session.idleExpiresAt, session.absoluteExpiresAt)),
      ended_at: isoOrNull(session.revokedAt),
      ended_by: session.revokedReason,
    })),
    sms: sms.map(({ phone: phone_number, purpose, createdAt, usedAt }) => ({
      phone_number,
      purpose,
      sent_at: iso(createdAt),
      used_at: isoOrNull(usedAt),
    })),
    merges: merges.map(({ id, survivorId, absorbedId, at, undoneAt }) => ({
      id,
      survivor_id: survivorId,
      absorbed_id: absorbedId,
      at: iso(at),
      undone_at: isoOrNull(undoneAt),
    })),
    merged_users: merged.map(profile),
    events: events.map(({ at, type, userId, sessionId, appid, actor, detail }) => ({
      at: iso(at),
      type,
      user_id: userId,
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
      ...(appid === undefined ? {} : { appid }),
      actor,
      ...(detail === undefined ? {} : { detail }),
    })),
  }
}

function profile({ id, nickname, avatarUrl, createdAt, updatedAt }: PersonalData["merged"][number]) {
  return {
    id,
    nickname,
    avatar_url: avatarUrl,
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
  }
}
