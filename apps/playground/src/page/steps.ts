import type { Message, Party, Text } from "../protocol.ts"

export type StepNumber = NonNullable<Message["step"]>

/** One of the nine steps of a login. */
export interface Step {
  readonly number: StepNumber
  /** One or two words, to stand under a small circle. */
  readonly label: Text
  /** What happens and why, in one sentence. */
  readonly sentence: Text
  readonly from: Party
  readonly to: Party
  readonly kind: "request" | "reply"
  /** What goes over the wire. */
  readonly line: string
}

export const steps: readonly Step[] = [
  {
    number: 1,
    label: { en: "Code", zh: "取 code" },
    sentence: {
      en: "The mini program calls wx.login(), and WeChat hands it a code that works once, for five minutes.",
      zh: "小程序调用 wx.login()，微信给它一个 code：五分钟内有效，只能用一次。",
    },
    from: "miniprogram",
    to: "wechat",
    kind: "request",
    line: "wx.login()",
  },
  {
    number: 2,
    label: { en: "Send", zh: "交 code" },
    sentence: {
      en: "It sends the code to your server. The code says nothing about the person; it can only be traded.",
      zh: "小程序把 code 交给你的服务器。code 本身看不出是谁，只能拿去换。",
    },
    from: "miniprogram",
    to: "server",
    kind: "request",
    line: "POST /login",
  },
  {
    number: 3,
    label: { en: "Trade", zh: "兑换" },
    sentence: {
      en: "Your server trades the code with WeChat, showing the app secret that no phone ever sees.",
      zh: "服务器带着 appid 和 secret 去向微信兑换；secret 只在服务器上，手机永远看不到。",
    },
    from: "server",
    to: "wechat",
    kind: "request",
    line: "GET /sns/jscode2session",
  },
  {
    number: 4,
    label: { en: "Identity", zh: "身份" },
    sentence: {
      en: "WeChat answers who it is: the openid, and a session_key for data it will sign or encrypt later.",
      zh: "微信回答来的人是谁：openid，以及用来解密和验签的 session_key。",
    },
    from: "wechat",
    to: "server",
    kind: "reply",
    line: "openid · session_key",
  },
  {
    number: 5,
    label: { en: "User", zh: "找用户" },
    sentence: {
      en: "Your server looks up the user behind this openid, and creates one at the first visit.",
      zh: "服务器按 openid 找到用户；第一次来，就新建一个。",
    },
    from: "server",
    to: "store",
    kind: "request",
    line: "users · identities",
  },
  {
    number: 6,
    label: { en: "Session", zh: "存会话" },
    sentence: {
      en: "In the same transaction it opens a session and keeps the session_key, encrypted.",
      zh: "在同一个事务里，开一个新会话，并把 session_key 加密保存。",
    },
    from: "server",
    to: "store",
    kind: "request",
    line: "sessions",
  },
  {
    number: 7,
    label: { en: "Tokens", zh: "发令牌" },
    sentence: {
      en: "The mini program gets two tokens: a short-lived one to show, and a refresh token to renew it with.",
      zh: "小程序收到两个令牌：访问令牌用来出示，很快过期；刷新令牌用来换新的。",
    },
    from: "server",
    to: "miniprogram",
    kind: "reply",
    line: "200 OK",
  },
  {
    number: 8,
    label: { en: "Use", zh: "带令牌" },
    sentence: {
      en: "Every later request carries the access token. Your server knows who asks without asking WeChat.",
      zh: "之后每个请求都带着访问令牌，服务器不用再问微信就知道是谁。",
    },
    from: "miniprogram",
    to: "server",
    kind: "request",
    line: "Authorization: Bearer …",
  },
  {
    number: 9,
    label: { en: "Key", zh: "用密钥" },
    sentence: {
      en: "Only if it is ever needed: what takes the session_key, such as decrypting open data, happens on your server.",
      zh: "有需要时才有这一步：用到 session_key 的事，比如解密开放数据，只在服务器上做。",
    },
    from: "miniprogram",
    to: "server",
    kind: "request",
    line: "encryptedData · iv",
  },
]
