import { decideRotation, openedSession, rotated } from "../../../denglu/src/store/session-rules.ts"
import type { Session } from "../../../denglu/src/store/store.ts"
import { problem, tokenReply } from "./replies.ts"

export interface PretendReply {
  readonly statusCode: number
  readonly data: unknown
}

/** A refresh token that came, and what the server decided about it. */
export interface Presented {
  readonly sessionId: string
  readonly counter: number
  readonly decision: string
}

/**
 * A login server without cryptography, so that thousands of schedules take seconds. What becomes of a refresh token is
 * decided by the real server's own rules. Tokens say their session and number: `access:session-1:3`, `refresh:session-1:3`.
 */
export interface PretendServer {
  receive(path: string, data: unknown, token: string | undefined): PretendReply
  /** Ends all access tokens, as a change of keys would. */
  expireAccessTokens(): void
  /** Somebody ends all sessions elsewhere. */
  revokeAll(): void
  /** The person deletes the account elsewhere: all sessions end, and until a login with `restore` there is no other. */
  deleteAccount(): void
  /** Every refresh token that came, in order. */
  readonly presented: readonly Presented[]
  /** Every code that came, in order. */
  readonly codes: readonly string[]
  /** The sessions that are not revoked. */
  live(): readonly string[]
}

/** Seconds. */
const accessLife = 60
const grace = 30_000
const idle = 86_400_000

export function createPretendServer(): PretendServer {
  const sessions = new Map<string, Session>()
  const accessEnds = new Map<string, number>()
  const presented: Presented[] = []
  const codes: string[] = []
  let deleted = false

  function issue(session: Session): PretendReply {
    const access_token = `access:${session.id}:${accessEnds.size}`
    accessEnds.set(access_token, Date.now() + accessLife * 1000)
    sessions.set(session.id, session)
    const refresh_token = `refresh:${session.id}:${session.counter}`
    return {
      statusCode: 200,
      data: tokenReply(0, { access_token, refresh_token, expires_in: accessLife, session_id: session.id }),
    }
  }

  const refuse = (code: string): PretendReply => ({ statusCode: 401, data: problem(code) })

  function revoke(session: Session): void {
    sessions.set(session.id, { ...session, revokedAt: Date.now() })
  }

  function logIn({ code, restore }: { code: string; restore?: boolean }): PretendReply {
    const used = codes.includes(code)
    codes.push(code)
    if (used) return { statusCode: 400, data: problem("code_used") }
    if (deleted && !restore) return { statusCode: 403, data: problem("account_deleted") }
    deleted = false
    const session = {
      id: `session-${sessions.size + 1}`,
      idleExpiresAt: Date.now() + idle,
      absoluteExpiresAt: Date.now() + idle,
      userAgent: "",
    }
    const entry = { appid: "wx", openid: "o", unionid: null, openPlatform: "", isNew: false, session }
    return issue(openedSession({ ...entry, now: Date.now() } as never, "user-1"))
  }

  function refresh({ refresh_token }: { refresh_token: string }): PretendReply {
    const [, id = "", number = ""] = refresh_token.split(":")
    const request = { id, counter: Number(number), now: Date.now(), grace, idle }
    const session = sessions.get(id)
    const decision = decideRotation(session, request)
    presented.push({ sessionId: id, counter: request.counter, decision })
    if (session === undefined) return refuse("token_invalid")
    if (decision === "rotate") return issue(rotated(session, request))
    if (decision === "replay") return issue(session)
    if (decision === "reuse") revoke(session)
    return refuse(decision === "reuse" ? "refresh_reused" : "session_revoked")
  }

  function refusal(token: string | undefined): string | undefined {
    const session = sessions.get(token?.split(":")[1] ?? "")
    if (token === undefined || session === undefined) return "token_missing"
    if (session.revokedAt !== null) return "session_revoked"
    return Date.now() < (accessEnds.get(token) ?? 0) ? undefined : "token_expired"
  }

  function logOut(token: string, { everywhere }: { everywhere?: boolean }): PretendReply {
    for (const session of sessions.values())
      if (everywhere || token.split(":")[1] === session.id) revoke(session)
    return { statusCode: 200, data: { revoked_sessions: 1 } }
  }

  return {
    receive(path, data, token) {
      if (path === "/login") return logIn(data as { code: string })
      if (path === "/refresh") return refresh(data as { refresh_token: string })
      const refused = refusal(token)
      if (token === undefined || refused !== undefined) return refuse(refused ?? "token_missing")
      if (path === "/logout") return logOut(token, data as { everywhere?: boolean })
      return { statusCode: 200, data: { ok: true } }
    },
    expireAccessTokens() {
      for (const token of accessEnds.keys()) accessEnds.set(token, 0)
    },
    revokeAll() {
      for (const session of sessions.values()) revoke(session)
    },
    deleteAccount() {
      deleted = true
      for (const session of sessions.values()) revoke(session)
    },
    presented,
    codes,
    live: () => [...sessions.values()].filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id),
  }
}
