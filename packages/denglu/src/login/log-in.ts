import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import { sessionKeyBinding } from "../session/sealer.ts"
import { codeKind, isCode } from "../wechat/code-kinds.ts"
import {
  type AppCredentials,
  jscode2session,
  type WeChatSession,
} from "../wechat/endpoints/jscode2session.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import { askWeChat } from "./ask-wechat.ts"
import type { FlowContext } from "./flows.ts"
import { type IssuedTokens, issueTokens } from "./issue-tokens.ts"

export interface LogInInput {
  /** The one-time code of `wx.login()`. */
  readonly code: string
  /** Which mini program the code is from; may be left out where there is only one. */
  readonly appid: string | undefined
  readonly userAgent: string
  readonly requestId: string
  /** Called with the app before WeChat is asked; throws `rate_limited` if the app's budget is used up. */
  readonly admit: (appid: string) => Promise<void>
}

/** Logs a person in by the code of `wx.login()`: steps 3 to 7 of the login. */
export type LogIn = (input: LogInInput) => Promise<IssuedTokens>

/**
 * The login flow. It remembers which codes are being exchanged right now, so that a code sent twice at once reaches
 * WeChat once; over time it is WeChat itself that lets a code pass only once.
 */
export function createLogIn(flow: FlowContext): LogIn {
  const underWay = new Set<string>()

  return async input => {
    const { code, requestId } = input
    const app = pickApp(flow, input.appid)
    const { appid } = app
    flow.events.emit("code.received", { appid, requestId })
    try {
      if (!isCode(code)) throw new DengluError("code_invalid", { pointer: "/code" })
      const key = `${appid} ${code}`
      if (underWay.has(key)) throw new DengluError("code_used", { pointer: "/code" })
      underWay.add(key)
      try {
        await input.admit(appid)
        const person = await whoseCode(flow, app, code, requestId)
        return await openSession(flow, app, person, input)
      } finally {
        underWay.delete(key)
      }
    } catch (error) {
      flow.events.emit("login.failed", {
        appid,
        code: error instanceof DengluError ? error.code : "internal",
        requestId,
      })
      throw error
    }
  }
}

type App = AppCredentials & { readonly openPlatform: string }

function pickApp({ options: { apps } }: FlowContext, appid: string | undefined): App {
  if (appid !== undefined) {
    const app = apps.get(appid)
    if (app === undefined) throw new DengluError("app_unknown", { pointer: "/appid" })
    return app
  }
  const [only, another] = apps.values()
  if (only === undefined || another !== undefined)
    throw new DengluError("invalid_request", {
      pointer: "/appid",
      message: "appid is missing: several mini programs log in here",
    })
  return only
}

/** Who has sent the code of a phone-number button hears so. */
async function whoseCode(
  flow: FlowContext,
  app: App,
  code: string,
  requestId: string,
): Promise<WeChatSession> {
  const question = { endpoint: "jscode2session", appid: app.appid, requestId }
  try {
    return await askWeChat(flow, question, () => jscode2session(flow.wechat, app, code))
  } catch (error) {
    const isRefusal = error instanceof WeChatError && error.code === "code_invalid"
    if (!isRefusal || codeKind(code) !== "phone") throw error
    const message = "this looks like a code of a phone-number button, which goes to POST /me/phone"
    throw new DengluError("code_invalid", { pointer: "/code", message, cause: error })
  }
}

async function openSession(
  flow: FlowContext,
  app: App,
  person: WeChatSession,
  { userAgent, requestId }: LogInInput,
): Promise<IssuedTokens> {
  const { clock, random, sealer, store, events, options } = flow
  const { appid, openPlatform } = app
  const { openid, sessionKey, unionid } = person
  const now = clock()
  const absoluteExpiresAt = now + options.sessionAbsoluteLifetime * 1000
  const { user, isNew, session } = await store.logIn({
    now,
    appid,
    openid,
    ...(unionid === undefined ? {} : { unionid }),
    openPlatform,
    sessionKey: {
      sealed: sealer.seal(sessionKeyBinding(appid, openid), sessionKey),
      fingerprint: sealer.fingerprint(sessionKey),
    },
    newUserId: newId(random),
    session: {
      id: newId(random),
      idleExpiresAt: Math.min(now + options.sessionIdleLifetime * 1000, absoluteExpiresAt),
      absoluteExpiresAt,
      userAgent: userAgent.slice(0, 256),
    },
  })
  if (isNew) events.emit("user.created", { userId: user.id, appid, requestId })
  events.emit("session.issued", { sessionId: session.id, userId: user.id, appid, isNew, requestId })
  return issueTokens(flow, session, user, isNew)
}
