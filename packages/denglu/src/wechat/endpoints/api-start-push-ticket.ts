import type { Caller } from "../caller.ts"
import type { PlatformCredentials } from "../component-request.ts"

/**
 * `POST /cgi-bin/component/api_start_push_ticket`: has WeChat push tickets (again), which it does by itself once a platform is approved. Needs no token.
 *
 * @throws WeChatError
 */
export async function apiStartPushTicket(
  caller: Caller,
  { appid, secret }: Pick<PlatformCredentials, "appid" | "secret">,
): Promise<void> {
  await caller.call({
    endpoint: "api_start_push_ticket",
    method: "POST",
    path: "/cgi-bin/component/api_start_push_ticket",
    json: { component_appid: appid, component_secret: secret },
    retry: "busy",
  })
}
