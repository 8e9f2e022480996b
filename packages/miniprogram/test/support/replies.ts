import type { ScriptedCall } from "./scripted-platform.ts"

/** As the login server answers a login or a refresh. Tokens of one number belong together. */
export function tokenReply(number: number, changes: object = {}): object {
  return {
    token_type: "Bearer",
    access_token: `access-${number}`,
    expires_in: 1_800,
    refresh_token: `refresh-${number}`,
    refresh_expires_in: 2_592_000,
    session_id: "session-1",
    user: person,
    ...changes,
  }
}

export const person = {
  id: "0123456789abcdefghijklmnop",
  nickname: null,
  avatar_url: null,
  created_at: "2026-01-31T08:00:00.000Z",
  is_new: false,
}

/** An error document, as the login server answers it. */
export function problem(code: string, changes: object = {}): object {
  return { type: `urn:denglu:problem:${code}`, title: `title of ${code}`, code, retryable: false, ...changes }
}

/**
 * Answers as long as all goes well: codes are numbered, a login or refresh gets the next tokens, and everything else is
 * answered `{ ok: true }`.
 */
export function answerAll(): (call: ScriptedCall) => void {
  let codes = 0
  let tokens = 0
  return call => {
    if (call.api === "login") call.succeed({ code: `code-${++codes}`, errMsg: "login:ok" })
    else if (call.api === "checkSession") call.succeed({ errMsg: "checkSession:ok" })
    else if (/\/(login|refresh)$/.test(call.path)) call.answer(tokenReply(++tokens))
    else if (call.api === "uploadFile") call.answer('{"ok":true}')
    else call.answer({ ok: true })
  }
}
