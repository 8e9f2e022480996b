import { DengluError } from "../errors.ts"
import type { SettledPlatform } from "../platform-options.ts"
import { platformTicketBinding } from "../session/sealer.ts"
import { apiComponentToken } from "../wechat/endpoints/api-component-token.ts"
import type { TokenIssuer } from "../wechat/token-issuer.ts"
import type { PlatformParts } from "./platforms.ts"

/**
 * A platform's `component_access_token`, for the last ticket that came. WeChat's page advises to renew it ten minutes before its two hours are over;
 * whether the one before is good for a while after that is not documented, so only one of the instances renews it.
 */
export function componentTokenIssuer(
  { store, sealer, wechat }: Pick<PlatformParts, "store" | "sealer" | "wechat">,
  platform: SettledPlatform,
): TokenIssuer {
  const { appid } = platform
  const notReady = (message: string) =>
    new DengluError("platform_not_ready", { message: `platform ${appid}: ${message}`, retryAfter: 60 })

  async function ticket(): Promise<string> {
    const kept = await store.findPlatformTicket(appid)
    if (kept === undefined) throw notReady("no component_verify_ticket has come yet")
    try {
      return sealer.open(platformTicketBinding(appid), kept.sealed)
    } catch {
      throw notReady(
        "its component_verify_ticket was sealed under a secret that is gone; the next one will do",
      )
    }
  }

  return {
    endpoint: "api_component_token",
    answers: "new",
    renewBefore: 600_000,
    renewSpread: 60_000,
    fetch: async () => apiComponentToken(wechat, platform, await ticket()),
  }
}
