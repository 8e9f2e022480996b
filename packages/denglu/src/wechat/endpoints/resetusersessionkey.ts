import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"
import { type PersonKey, personKeyQuery } from "./checksession.ts"

const endpoint = "resetusersessionkey"

/** `GET /wxa/resetusersessionkey`. The old key is dead at once, and with it the signature: it can't be repeated. */
function resetusersessionkeyRequest(accessToken: string, key: PersonKey): WeChatRequest {
  return {
    endpoint,
    method: "GET",
    path: "/wxa/resetusersessionkey",
    query: personKeyQuery(accessToken, key),
    retry: "never",
  }
}

/** Reads a successful answer; it must be about this person. @throws WeChatError `bad_reply` */
export function readResetusersessionkey(
  json: Readonly<Record<string, unknown>> | undefined,
  openid: string,
): PersonKey {
  const { openid: answered, session_key: sessionKey } = json ?? {}
  if (answered !== openid) throw badReply(endpoint, "the answer is about another person")
  if (typeof sessionKey !== "string" || !/^[A-Za-z0-9+/]{22}==$/.test(sessionKey))
    throw badReply(endpoint, "the answer has no session_key of 16 bytes")
  return { openid, sessionKey }
}

/** Gives the person a new `session_key`; it ends when the old one would have. @throws WeChatError */
export async function resetusersessionkey(
  caller: Caller,
  accessToken: string,
  key: PersonKey,
): Promise<PersonKey> {
  const { json } = await caller.call(resetusersessionkeyRequest(accessToken, key))
  return readResetusersessionkey(json, key.openid)
}
