/** Where an app's pushes go, and how: what is set at mp.weixin.qq.com → 开发管理 → 消息推送. */
export interface PushTarget {
  /** On this machine: `http://127.0.0.1:3000/wechat/push/wxsim0000000000001`. */
  readonly url: string
  readonly token: string
  /** 43 letters and digits. With it the mode is the safe one, without it the plain one. */
  readonly encodingAesKey?: string
  /** Default is `json`. */
  readonly format?: "json" | "xml"
}

/** A push to send. What is left out of the target is as in the app's last push. */
export interface PushSettings extends Partial<PushTarget> {
  readonly appid?: string
  /** Whom it is about. */
  readonly user: string
  /** `user_authorization_revoke` … */
  readonly event: string
  /** What else stands in it: `{"RevokeInfo":"8"}`. */
  readonly fields?: Readonly<Record<string, string | number>>
  /** How long (ms) WeChat waits for an answer. Default is 5,000. */
  readonly waitMs?: number
  /** How long (ms) from one try to the next, at least. Default is `waitMs`. */
  readonly pauseMs?: number
  /** How often it is sent at once, as a network that doubles packets would. Default is 1. */
  readonly copies?: number
}

/** One try to bring a push: a status and a text, or what was in the way. */
export interface PushAttempt {
  readonly status: number | undefined
  readonly text: string
}

/** What became of a push. */
export interface PushOutcome {
  readonly number: number
  readonly appid: string
  readonly event: string
  readonly openid: string
  readonly state: "under way" | "delivered" | "given up"
  readonly attempts: readonly PushAttempt[]
}
