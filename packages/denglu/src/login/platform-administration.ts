import { newId } from "../random.ts"
import { apiStartPushTicket } from "../wechat/endpoints/api-start-push-ticket.ts"
import {
  type AuthorizationPage,
  type Authorizer,
  adoptAuthorizer,
  authorizationUrl,
  authorizePlatform,
  listAuthorizers,
} from "./authorize-platform.ts"
import type { FlowContext } from "./flows.ts"
import { skewAllowed } from "./platforms.ts"

/** What operators do with third-party platforms. All reject with `not_found` for a platform that is not configured. */
export interface PlatformAdministration {
  /**
   * The address of the page where an administrator of a mini program authorises the platform. Made anew for each: it holds a code that is good once, for ten to
   * thirty minutes.
   * @throws DengluError (as a rejection) `platform_not_ready`, `wechat_…`
   */
  authorizationUrl(platformAppid: string, page: AuthorizationPage): Promise<string>
  /**
   * Trades the `auth_code` with which the administrator came back. WeChat pushes the same code besides, and whichever comes first does: this answers the same then.
   * @param given `openPlatform`: name of the open-platform account that the mini program is bound to, if it shares it with others here
   * @throws DengluError (as a rejection) `code_invalid`, `platform_not_ready`, `wechat_…`
   */
  completeAuthorization(
    platformAppid: string,
    authorizationCode: string,
    given?: { readonly openPlatform?: string },
  ): Promise<Authorizer>
  /**
   * Takes over a mini program that authorised the platform before Denglu was there, or while it could not be reached.
   * @throws DengluError (as a rejection) `app_unauthorized` if it has not, `platform_not_ready`, `wechat_…`
   */
  adopt(platformAppid: string, appid: string, given?: { readonly openPlatform?: string }): Promise<Authorizer>
  /** Every mini program that has authorised the platform, also those that no longer do, by appid. */
  list(platformAppid: string): Promise<Authorizer[]>
  /** Has WeChat push tickets, where it has stopped. The first comes within ten minutes. @throws DengluError (as a rejection) `wechat_…` */
  startTicketPush(platformAppid: string): Promise<void>
}

export function platformAdministration(flow: FlowContext): PlatformAdministration {
  const { platforms, clock, random } = flow
  const byOperator = () => ({
    at: clock() - skewAllowed,
    actor: "operator" as const,
    requestId: newId(random),
  })
  return {
    authorizationUrl: async (platformAppid, page) =>
      authorizationUrl(flow, platforms.get(platformAppid), page),
    completeAuthorization: async (platformAppid, code, { openPlatform } = {}) =>
      authorizePlatform(flow, {
        platform: platforms.get(platformAppid),
        code,
        openPlatform,
        ...byOperator(),
      }),
    adopt: async (platformAppid, appid, { openPlatform } = {}) =>
      adoptAuthorizer(flow, { platform: platforms.get(platformAppid), appid, openPlatform, ...byOperator() }),
    list: async platformAppid => listAuthorizers(flow, platforms.get(platformAppid)),
    startTicketPush: async platformAppid =>
      apiStartPushTicket(platforms.wechat, platforms.get(platformAppid)),
  }
}
