import { componentJscode2session } from "../wechat/endpoints/component-jscode2session.ts"
import type { WeChatSession } from "../wechat/endpoints/jscode2session.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import type { FlowContext } from "./flows.ts"
import type { PlatformApp } from "./platforms.ts"

/**
 * Exchanges a code by the platform's token. Only where WeChat says that it refuses the token is the code sent once more, with another token: a code whose answer
 * did not come may be used up. Should WeChat then call it used, it was us who used it, and the answer is that of the first try.
 *
 * @throws WeChatError; DengluError `app_unauthorized`, `platform_not_ready`
 */
export async function exchangeThroughPlatform(
  { platforms, log }: FlowContext,
  { appid, platform }: PlatformApp,
  code: string,
): Promise<WeChatSession> {
  let refused: unknown
  try {
    return await platforms.componentToken(platform).withToken(async token => {
      try {
        return await componentJscode2session(platforms.wechat, {
          appid,
          platformAppid: platform.appid,
          token,
          code,
        })
      } catch (error) {
        if (refused !== undefined && error instanceof WeChatError && error.errcode === 40163) throw refused
        refused = error
        throw error
      }
    })
  } catch (error) {
    if (error instanceof WeChatError && error.errcode === 61003) {
      // Another instance may know more by now.
      platforms.forget(appid)
      log.warn({ appid, platform: platform.appid, errcode: 61003 }, error.message)
    }
    throw error
  }
}
