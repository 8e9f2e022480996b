import type { Sealer } from "../session/sealer.ts"
import { sessionKeyBinding } from "../session/sealer.ts"
import type { Store } from "../store/store.ts"
import type { Caller } from "../wechat/caller.ts"
import { checksession, type PersonKey } from "../wechat/endpoints/checksession.ts"
import type { AppCredentials } from "../wechat/endpoints/jscode2session.ts"
import { stableToken } from "../wechat/endpoints/stable-token.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import type { Finding } from "./finding.ts"

/** Sessions that are looked at for one of the app. */
const latest = 100

/** The `session_key` of whoever logged in to the app last; `undefined` if nobody has, or it can't be opened. */
export async function findLatestKey(
  store: Pick<Store, "listAllSessions" | "findSessionKeys">,
  sealer: Sealer,
  appid: string,
  now: number,
): Promise<PersonKey | undefined> {
  const sessions = await store.listAllSessions(now, latest)
  const openid = sessions.find(session => session.appid === appid && session.openid !== null)?.openid
  if (openid === undefined || openid === null) return undefined
  const keys = await store.findSessionKeys(appid, openid)
  if (keys === undefined) return undefined
  try {
    return { openid, sessionKey: sealer.open(sessionKeyBinding(appid, openid), keys.current) }
  } catch {
    return undefined
  }
}

/** Whether WeChat still takes the kept `session_key` of the latest login for the person's: `checksession`. Changes nothing. */
export async function checkLatestSessionKey(
  caller: Caller,
  app: AppCredentials,
  key: PersonKey,
): Promise<Finding> {
  const check = `session_key ${app.appid}`
  try {
    const { accessToken } = await stableToken(caller, app)
    const isPresent = await checksession(caller, accessToken, key)
    return { check, ok: true, says: isPresent ? present : replaced }
  } catch (error) {
    if (!(error instanceof WeChatError)) throw error
    const { message } = error
    return {
      check,
      ok: false,
      says: { en: `can't be checked: ${message}.`, zh: `无法检查：${message}。` },
    }
  }
}

const present = {
  en: "WeChat takes that of the latest login for the present one: signatures and encrypted data are good.",
  zh: "微信认可最近一次登录的 session_key：签名与加密数据可用。",
}

/** One person may well have logged in elsewhere; so it is told, and no fault. */
const replaced = {
  en: "WeChat has another one by now than that of the latest login. That heals at the person's next login; if it is said again and again, another program trades codes of this appid too (an old server, another environment): every code has to go to Denglu.",
  zh: "微信侧的 session_key 已不同于最近一次登录的。用户下次登录即恢复；如果反复出现，说明还有其他程序（旧服务器、其他环境）在用该 appid 换取 code：所有 code 都应发给 Denglu。",
}
