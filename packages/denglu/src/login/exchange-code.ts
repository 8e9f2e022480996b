import { DengluError } from "../errors.ts"
import type { SettledApp } from "../options.ts"
import { codeKind, isCode } from "../wechat/code-kinds.ts"
import { componentJscode2sessionName } from "../wechat/endpoints/component-jscode2session.ts"
import { jscode2session } from "../wechat/endpoints/jscode2session.ts"
import { oauth2AccessToken } from "../wechat/endpoints/oauth2-access-token.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import { askWeChat } from "./ask-wechat.ts"
import { exchangeThroughPlatform } from "./exchange-through-platform.ts"
import type { FlowContext } from "./flows.ts"
import type { PlatformApp } from "./platforms.ts"

/** Where people log in: an app of our own, or a mini program that has authorised a third-party platform of ours. */
export type LoginApp = SettledApp | PlatformApp

/** The person a code stands for. */
export interface Person {
  readonly openid: string
  readonly unionid: string | undefined
  /** Only mini programs bring one. */
  readonly sessionKey: string | undefined
}

export interface ExchangeInput {
  /** The one-time code of `wx.login()`, or the one in the URL to which WeChat sent a person back. */
  readonly code: string
  readonly app: LoginApp
  readonly requestId: string
  /** Called with the app before WeChat is asked; throws `rate_limited` if the app's budget is used up. */
  readonly admit: (appid: string) => Promise<void>
}

/** Trades a code with WeChat for the person behind it: by the endpoint that the app's kind has. @throws DengluError, WeChatError */
export type ExchangeCode = (input: ExchangeInput) => Promise<Person>

/**
 * Makes the exchange of codes. It remembers which are being exchanged right now, so that a code sent twice at once, to whatever route, reaches
 * WeChat once; over time it is WeChat itself that lets a code pass only once.
 */
export function createExchangeCode(flow: FlowContext): ExchangeCode {
  const underWay = new Set<string>()

  return async ({ code, app, requestId, admit }) => {
    const { appid } = app
    flow.events.emit("code.received", { appid, requestId })
    if (!isCode(code)) throw new DengluError("code_invalid", { pointer: "/code" })
    const key = `${appid} ${code}`
    if (underWay.has(key)) throw new DengluError("code_used", { pointer: "/code" })
    underWay.add(key)
    try {
      await admit(appid)
      return await whoseCode(flow, app, code, requestId)
    } finally {
      underWay.delete(key)
    }
  }
}

/** The app with this appid; without one the only one there is. @throws DengluError `app_unknown`, `invalid_request`, `store_unavailable` */
export async function pickApp(
  { options: { apps, platformApps }, platforms }: FlowContext,
  given: string | undefined,
): Promise<LoginApp> {
  const appid = given ?? onlyOf([...apps.keys(), ...platformApps.keys()])
  const app = apps.get(appid) ?? (await platforms.find(appid))
  if (app === undefined) throw new DengluError("app_unknown", { pointer: "/appid" })
  return app
}

function onlyOf(appids: readonly string[]): string {
  const [only, another] = appids
  if (only === undefined || another !== undefined)
    throw new DengluError("invalid_request", {
      pointer: "/appid",
      message: "appid is missing: several apps log in here",
    })
  return only
}

/** Who has sent the code of a phone-number button hears so. */
async function whoseCode(flow: FlowContext, app: LoginApp, code: string, requestId: string): Promise<Person> {
  const question = { endpoint: endpointOf(app), appid: app.appid, requestId }
  try {
    return await askWeChat(flow, question, () => ask(flow, app, code))
  } catch (error) {
    const isRefusal = error instanceof WeChatError && error.code === "code_invalid"
    if (!isRefusal || codeKind(code) !== "phone") throw error
    const message = "this looks like a code of a phone-number button, which goes to POST /me/phone"
    throw new DengluError("code_invalid", { pointer: "/code", message, cause: error })
  }
}

function endpointOf(app: LoginApp): string {
  if ("platform" in app) return componentJscode2sessionName
  return app.kind === "mini_program" ? "jscode2session" : "oauth2_access_token"
}

async function ask(flow: FlowContext, app: LoginApp, code: string): Promise<Person> {
  if (!("platform" in app) && app.kind !== "mini_program") return askForWebPerson(flow, app, code)
  const { openid, unionid, sessionKey } =
    "platform" in app
      ? await exchangeThroughPlatform(flow, app, code)
      : await jscode2session(flow.wechat, app, code)
  return { openid, unionid, sessionKey }
}

/** A virtual openid is never kept: it would be a user whom nobody can log in as again. */
async function askForWebPerson({ wechat }: FlowContext, app: SettledApp, code: string): Promise<Person> {
  const { openid, unionid, isSnapshotUser } = await oauth2AccessToken(wechat, app, code)
  if (isSnapshotUser) throw new DengluError("snapshot_user", { pointer: "/code" })
  return { openid, unionid, sessionKey: undefined }
}
