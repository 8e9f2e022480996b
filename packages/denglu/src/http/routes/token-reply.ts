import type { IssuedTokens } from "../../login/issue-tokens.ts"
import type { TokenReply } from "../../protocol/log-in.ts"
import { isoTime } from "./iso-time.ts"

/** Login state as it goes over the wire, whatever way it came about. */
export function tokenReply({ user, session, ...issued }: IssuedTokens): TokenReply {
  return {
    token_type: "Bearer",
    access_token: issued.accessToken,
    expires_in: issued.expiresIn,
    refresh_token: issued.refreshToken,
    refresh_expires_in: issued.refreshExpiresIn,
    session_id: session.id,
    user: {
      id: user.id,
      nickname: user.nickname,
      avatar_url: user.avatarUrl,
      created_at: isoTime(user.createdAt),
      is_new: issued.isNew,
    },
  }
}
