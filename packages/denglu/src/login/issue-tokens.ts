import type { Session, UserProfile } from "../store/store.ts"
import type { FlowContext } from "./flows.ts"

/** Login state as it is handed out: by a login and by every refresh. */
export interface IssuedTokens {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly refreshToken: string
  /** Seconds until the refresh token is of no use any more, if nobody uses it before. */
  readonly refreshExpiresIn: number
  readonly user: UserProfile
  readonly isNew: boolean
  readonly session: Session
}

export function issueTokens(
  { accessTokens, refreshTokens, clock }: FlowContext,
  session: Session,
  user: UserProfile,
  isNew: boolean,
): IssuedTokens {
  const { token, expiresIn } = accessTokens.issue({
    userId: user.id,
    appid: session.appid,
    sessionId: session.id,
    openid: session.openid,
  })
  const ends = Math.min(session.idleExpiresAt, session.absoluteExpiresAt)
  return {
    accessToken: token,
    expiresIn,
    refreshToken: refreshTokens.issue({ sessionId: session.id, counter: session.counter }),
    refreshExpiresIn: Math.max(0, Math.floor((ends - clock()) / 1000)),
    user,
    isNew,
    session,
  }
}
