import type { Caller } from "../wechat/caller.ts"
import type { AppCredentials } from "../wechat/endpoints/jscode2session.ts"
import { type AccessToken, stableToken } from "../wechat/endpoints/stable-token.ts"
import type { KeptToken } from "../wechat/token-shelf.ts"
import { WeChatError } from "../wechat/wechat-error.ts"
import { operatorRemedy } from "./doctor-remedy.ts"
import type { Finding } from "./finding.ts"

export interface AppTokenPatient {
  readonly caller: Caller
  readonly app: AppCredentials
  /** What the instances keep; `undefined` where it can't be read. */
  readonly findKept: () => Promise<KeptToken | undefined>
  readonly now: () => number
  /** Whether WeChat is the simulated one of `denglu dev`. */
  readonly isDev?: boolean
}

/** In so many ms before its end WeChat gives the next token by itself; a minute for clocks that differ. */
const changingHands = 360_000
const day = 86_400_000

/**
 * Whether WeChat gives this machine the app's `access_token`, and whether somebody else renews it out of turn. Asks twice, without force:
 * so everybody's token stays as good as it was.
 */
export async function checkAppToken({
  caller,
  app,
  findKept,
  now,
  isDev = false,
}: AppTokenPatient): Promise<Finding> {
  const check = `access_token ${app.appid}`
  try {
    const first = await stableToken(caller, app)
    // Between the two, so that what an instance renews just now is not taken for somebody else's doing.
    const kept = await findKept()
    const second = await stableToken(caller, app)
    const sign = signOf([first, second], kept, now())
    if (sign === undefined) return { check, ok: true, says: well }
    return { check, ok: false, says: { en: `${sign.en} ${remedy.en}`, zh: `${sign.zh}${remedy.zh}` } }
  } catch (error) {
    if (!(error instanceof WeChatError)) throw error
    const { message } = error
    const cure = operatorRemedy(error, isDev)
    return {
      check,
      ok: false,
      says: {
        en: `${message}. Logins go on; phone numbers, codes to scan and all else that needs the token fail. ${cure.en}`,
        zh: `${message}。登录不受影响，但手机号、小程序码等需要该凭证的功能会失败。${cure.zh}`,
      },
    }
  }
}

const well = {
  en: "WeChat gives it to this machine, and nobody else renews it.",
  zh: "本机可以获取，且没有其他程序在刷新。",
}

const remedy = {
  en: "Somebody else is refreshing this appid: find the program that has its AppSecret too (another environment, an old server, a plugin). Let it borrow the token: `borrowers` and POST /wechat/access-token; or let it ask stable_token without force_refresh. If you can't find it, reset the AppSecret.",
  zh: "有其他程序在刷新该 appid 的 access_token：请找出同样持有其 AppSecret 的程序（其他环境、旧服务器、插件），让它改为借用（borrowers 与 POST /wechat/access-token），或调用 stable_token 且不带 force_refresh。找不到时请重置 AppSecret。",
}

/** By what it shows that somebody else renews the token; `undefined` if nothing does. */
function signOf(given: readonly [AccessToken, AccessToken], kept: KeptToken | undefined, now: number) {
  const [first, second] = given
  if (first.accessToken !== second.accessToken && first.expiresIn * 1000 > changingHands)
    return {
      en: "WeChat gave two tokens within a moment, though it gives everybody the same.",
      zh: "微信在片刻之间返回了两个不同的凭证，而正常情况下应相同。",
    }
  if (kept === undefined || kept.version === 0) return undefined
  const isGood = kept.expiresAt - now > changingHands
  const isPresent = given.some(({ accessToken }) => accessToken === kept.token)
  const until = new Date(kept.expiresAt).toISOString()
  if (isGood && (kept.isRefused || !isPresent))
    return {
      en: `The token that Denglu keeps would be good until ${until}, but WeChat takes another by now.`,
      zh: `Denglu 保存的凭证本应有效至 ${until}，但微信已换成另一个。`,
    }
  if (now - kept.forcedAt > day) return undefined
  const at = new Date(kept.forcedAt).toISOString()
  return {
    en: `At ${at} WeChat refused the token before its end, and Denglu had to renew it by force.`,
    zh: `${at} 微信在有效期内拒绝了凭证，Denglu 只得强制刷新。`,
  }
}
