import type { Caller } from "./caller.ts"
import { type AppCredentials, jscode2sessionRequest } from "./endpoints/jscode2session.ts"
import { badReply, WeChatError } from "./wechat-error.ts"

export type CredentialsCheck = { readonly ok: true } | { readonly ok: false; readonly error: WeChatError }

/**
 * Asks WeChat whether appid and secret belong together, by a login with a code that nobody was given. WeChat looks at the
 * appid first, then at the secret, then at the code; so "bad code" means that the other two are right.
 */
export async function checkCredentials(caller: Caller, app: AppCredentials): Promise<CredentialsCheck> {
  try {
    await caller.call(jscode2sessionRequest(app, "denglu-credentials-check"))
  } catch (error) {
    if (!(error instanceof WeChatError)) throw error
    return error.errcode === 40029 || error.errcode === 40163 ? { ok: true } : { ok: false, error }
  }
  return { ok: false, error: badReply("jscode2session", "a made-up code was accepted; this is not WeChat") }
}
