import type { AppKind } from "../options.ts"
import type { Caller } from "./caller.ts"
import { type AppCredentials, jscode2sessionRequest } from "./endpoints/jscode2session.ts"
import { oauth2AccessTokenRequest } from "./endpoints/oauth2-access-token.ts"
import { badReply, WeChatError } from "./wechat-error.ts"

export type CredentialsCheck = { readonly ok: true } | { readonly ok: false; readonly error: WeChatError }

/**
 * Asks WeChat whether appid and secret belong together, by a login with a code that nobody was given. WeChat looks at the
 * appid first, then at the secret, then at the code; so "bad code" means that the other two are right.
 *
 * @param kind the app's; a mini program if it is left out
 */
export async function checkCredentials(
  caller: Caller,
  app: AppCredentials,
  kind: AppKind = "mini_program",
): Promise<CredentialsCheck> {
  const toRequest = kind === "mini_program" ? jscode2sessionRequest : oauth2AccessTokenRequest
  const request = toRequest(app, "denglu-credentials-check")
  try {
    await caller.call(request)
  } catch (error) {
    if (!(error instanceof WeChatError)) throw error
    return error.errcode === 40029 || error.errcode === 40163 ? { ok: true } : { ok: false, error }
  }
  return { ok: false, error: badReply(request.endpoint, "a made-up code was accepted; this is not WeChat") }
}
