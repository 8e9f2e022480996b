import { type Family, failure, type Reply } from "../reply.ts"
import type { Call } from "./endpoint.ts"

/** Reads `access_token` from the query, the only place where WeChat looks, and hands on whose it is. */
export function withToken(call: Call, family: Family, answer: (appid: string) => Reply): Reply {
  const fail = (errcode: number) => failure(family, errcode, call.clock.now())
  const token = call.query.get("access_token")
  if (!token) return fail(41001)
  const owner = call.tokens.check(token)
  if (owner === "unknown") return fail(40001)
  if (owner === "expired") return fail(42001)
  return answer(owner.appid)
}
