import { DengluError } from "../errors.ts"
import type { SettledPlatform } from "../platform-options.ts"
import { newId } from "../random.ts"
import { platformTicketBinding } from "../session/sealer.ts"
import { type AuthorizationPush, openPlatformPush } from "../wechat/platform-push.ts"
import { authorizePlatform } from "./authorize-platform.ts"
import type { FlowContext } from "./flows.ts"
import { tokenNameOf } from "./platforms.ts"
import { inPushTime, type ReceivedPush } from "./receive-push.ts"

/**
 * Receives what WeChat pushes to a third-party platform. Resolves once WeChat may be told `success`.
 *
 * The promise:
 *
 * - Resolving means that the ticket, or the authorisation, or its end, is kept. If that fails or takes longer than the deadline, this rejects, and WeChat
 *   sends the push again.
 * - What comes twice, late or out of order changes nothing: of tickets the one made last stays, an authorisation code brings its mini program back no
 *   second time, and an end that is older than the authorisation does not end it.
 * - `platform.authorized` and `platform.unauthorized` are emitted by whoever changed something, on one of all instances.
 *
 * `appid` is the platform's.
 *
 * @throws DengluError `not_found` for a platform that is not configured, `push_refused`, `store_unavailable`, `wechat_…`
 */
export async function receivePlatformPush(flow: FlowContext, received: ReceivedPush): Promise<void> {
  const { appid, query, body, requestId } = received
  const platform = flow.platforms.get(appid)
  const now = flow.clock()
  const message = await openPlatformPush({ push: platform.push, appid, query, now }, body)
  switch (message.kind) {
    case "component_verify_ticket": {
      const sealed = flow.sealer.seal(platformTicketBinding(appid), message.ticket)
      const ticket = { sealed, issuedAt: message.createdAt, receivedAt: now }
      await inPushTime(async () => void (await flow.store.keepPlatformTicket(appid, ticket)))
      return
    }
    case "other":
      flow.log.info(
        { platform: appid, requestId },
        "a push to the platform that a login has nothing to do with",
      )
      return
    default:
      await inPushTime(() => takeEffect(flow, platform, message, requestId))
  }
}

async function takeEffect(
  flow: FlowContext,
  platform: SettledPlatform,
  message: AuthorizationPush,
  requestId: string,
): Promise<void> {
  const { appid, createdAt } = message
  if (message.kind === "unauthorized") {
    const revoked = await flow.store.revokeAuthorizer({
      platformAppid: platform.appid,
      appid,
      revokedAt: createdAt,
      tokenName: tokenNameOf(platform.appid, appid),
      audit: { id: newId(flow.random), at: flow.clock(), actor: "wechat" },
    })
    if (!revoked) return
    flow.platforms.forget(appid)
    flow.events.emit("platform.unauthorized", { platformAppid: platform.appid, appid, requestId })
    return
  }
  try {
    const code = message.authorizationCode
    await authorizePlatform(flow, { platform, code, appid, at: createdAt, actor: "wechat", requestId })
  } catch (error) {
    // It has been withdrawn since: there is nothing to keep, and nothing to send again.
    if (!(error instanceof DengluError && error.code === "app_unauthorized")) throw error
  }
}
