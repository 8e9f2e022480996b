import { openPushFields, type PushRequest, readTime, refuse, textOf } from "./push.ts"
import type { PushFields } from "./push-fields.ts"

/** What WeChat tells a third-party platform at its 授权事件接收URL. */
export type PlatformPush = TicketPush | AuthorizationPush | OtherPlatformPush

/** Every ten minutes; good for twelve hours. */
export interface TicketPush {
  readonly kind: "component_verify_ticket"
  readonly ticket: string
  /** Milliseconds since 1970, to the second. */
  readonly createdAt: number
}

export type AuthorizationPush = {
  /** The mini program it is about. */
  readonly appid: string
  /** Milliseconds since 1970, to the second. */
  readonly createdAt: number
} & (
  | { readonly kind: "authorized" | "updateauthorized"; readonly authorizationCode: string }
  | { readonly kind: "unauthorized" }
)

/** What a login has nothing to do with: `notify_third_fasteregister` and the like. */
export interface OtherPlatformPush {
  readonly kind: "other"
  readonly infoType: string
}

/** The longest ticket or code that is looked at. */
const longestSecret = 1_024

/**
 * Opens what was pushed to a platform: always encrypted XML. `appid` of the request is the platform's.
 *
 * @throws DengluError `push_refused`; its message, which is for the log, tells what is wrong
 */
export async function openPlatformPush(request: PushRequest, body: string): Promise<PlatformPush> {
  const fields = await openPushFields(request, body)
  const infoType = textOf(fields, "InfoType")
  if (infoType === undefined) return refuse("message")
  const about = textOf(fields, "AppId")
  if (about !== undefined && about !== request.appid) return refuse("another platform's")
  // The time that was signed comes second: WeChat may sign each try anew.
  const createdAt = readTime(fields) ?? Number(request.query.get("timestamp")) * 1000
  switch (infoType) {
    case "component_verify_ticket":
      return { kind: infoType, ticket: secretOf(fields, "ComponentVerifyTicket"), createdAt }
    case "authorized":
    case "updateauthorized": {
      const authorizationCode = secretOf(fields, "AuthorizationCode")
      return { kind: infoType, appid: appidOf(fields), createdAt, authorizationCode }
    }
    case "unauthorized":
      return { kind: infoType, appid: appidOf(fields), createdAt }
    default:
      return { kind: "other", infoType }
  }
}

function secretOf(fields: PushFields, name: string): string {
  return textOf(fields, name, longestSecret) ?? refuse("message")
}

function appidOf(fields: PushFields): string {
  const appid = textOf(fields, "AuthorizerAppid") ?? ""
  return /^wx[0-9a-z]{16}$/.test(appid) ? appid : refuse("message")
}
