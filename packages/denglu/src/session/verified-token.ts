/** What a valid access token says. */
export interface VerifiedToken {
  readonly userId: string
  /** The mini program the session began in: the token's `client_id`. */
  readonly appid: string
  readonly sessionId: string
  /** The end of the token, in seconds since 1970. */
  readonly expiresAt: number
  /** Only if the option `claims` asks for it. */
  readonly openid?: string
}

/** Reads the claims of a checked token strictly; `undefined` if one is not what we write. */
export function readVerifiedToken(payload: Readonly<Record<string, unknown>>): VerifiedToken | undefined {
  const { sub: userId, client_id: appid, sid: sessionId, exp: expiresAt, openid } = payload
  if (typeof userId !== "string" || typeof appid !== "string" || typeof sessionId !== "string")
    return undefined
  if (!Number.isSafeInteger(expiresAt)) return undefined
  const verified = { userId, appid, sessionId, expiresAt: expiresAt as number }
  return typeof openid === "string" ? { ...verified, openid } : verified
}

/** A {@link VerifiedToken} as it is kept by the hundred thousand: 120 bytes instead of 190. */
export interface PackedToken {
  /** User id and session id in one text, because every text costs sixteen bytes before its first letter. */
  readonly ids: string
  readonly appid: string
  readonly expiresAt: number
  readonly openid?: string
}

/** Texts that many tokens share, each kept once. Only what verified tokens say gets in, so the list stays short. */
const shared = new Map<string, string>()
const sharedAtMost = 1_000

export function packToken({ userId, appid, sessionId, expiresAt, openid }: VerifiedToken): PackedToken {
  // By way of a buffer: texts that are only added up are kept as a chain of their parts.
  const ids = Buffer.from(`${userId} ${sessionId}`).toString()
  const packed = { ids, appid: share(appid), expiresAt }
  return openid === undefined ? packed : { ...packed, openid }
}

export function unpackToken({ ids, appid, expiresAt, openid }: PackedToken): VerifiedToken {
  const at = ids.indexOf(" ")
  const userId = ids.slice(0, at)
  const sessionId = ids.slice(at + 1)
  return openid === undefined
    ? { userId, appid, sessionId, expiresAt }
    : { userId, appid, sessionId, expiresAt, openid }
}

function share(text: string): string {
  const known = shared.get(text)
  if (known !== undefined) return known
  if (shared.size < sharedAtMost) shared.set(text, text)
  return text
}
