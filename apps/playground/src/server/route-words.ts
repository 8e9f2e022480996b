import type { Message, Text } from "../protocol.ts"
import { errorNotes } from "./error-notes.ts"
import { phoneScanWords } from "./scan-words.ts"

/** What a request of the mini program, or of the web page, means. */
export interface RouteWords {
  readonly step: { readonly request: Message["step"]; readonly reply: Message["step"] }
  readonly request: { readonly title: Text; readonly note: Text | null }
  readonly success: { readonly title: Text; readonly note: Text | null }
  readonly failure: Text
  /** What it changes in the database, where there is more to say than that it does. */
  readonly stored?: Text
}

const logIn: RouteWords = {
  step: { request: 2, reply: 7 },
  request: {
    title: { en: "The code goes to your server", zh: "小程序把 code 发给你的服务器" },
    note: {
      en: "The mini program can't ask WeChat itself: that takes the AppSecret, which only your server has.",
      zh: "小程序不能自己去问微信：这需要 AppSecret，而它只在你的服务器上。",
    },
  },
  success: {
    title: { en: "Your server answers tokens of its own", zh: "服务器返回自己签发的令牌" },
    note: {
      en: "The mini program keeps both tokens. The session_key is not among what it gets.",
      zh: "小程序保存这两个令牌。返回内容中没有 session_key。",
    },
  },
  failure: { en: "The login did not work out", zh: "登录未成功" },
}

const refresh: RouteWords = {
  step: { request: null, reply: null },
  request: {
    title: { en: "The refresh token is traded", zh: "用刷新令牌换取新令牌" },
    note: {
      en: "The access token is over or about to be. No tap and no WeChat is needed for a new one.",
      zh: "访问令牌已过期或即将过期。换新无需用户操作，也不经过微信。",
    },
  },
  success: {
    title: { en: "A new pair of tokens", zh: "返回一对新令牌" },
    note: {
      en: "The old refresh token is used up. For 30 s it still gets this same answer, in case it was lost on the way.",
      zh: "旧的刷新令牌已用掉。30 秒内重试仍会得到同样的结果，以防响应在途中丢失。",
    },
  },
  failure: { en: "The refresh token is refused", zh: "刷新令牌被拒绝" },
}

const logOut: RouteWords = {
  step: { request: null, reply: null },
  request: {
    title: { en: "The person logs out", zh: "用户退出登录" },
    note: {
      en: "The mini program has forgotten its tokens already; the server ends the session.",
      zh: "小程序已经清除了令牌，服务器随后结束会话。",
    },
  },
  success: {
    title: { en: "The session is over", zh: "会话已结束" },
    note: {
      en: "Its tokens are refused from now on, though they have not expired.",
      zh: "此后它的令牌即使未过期也会被拒绝。",
    },
  },
  failure: { en: "The logout was refused", zh: "退出登录被拒绝" },
}

const bindPhone: RouteWords = {
  step: { request: null, reply: null },
  request: {
    title: { en: "The phone-number code goes to your server", zh: "小程序把手机号 code 发给你的服务器" },
    note: {
      en: "Only the code: a number that the mini program sent could be anybody's. The token says whose it is to be.",
      zh: "只发送 code：小程序自己发来的号码可能是任何人的。令牌说明号码要绑定给谁。",
    },
  },
  success: {
    title: { en: "The number is bound to the user", zh: "手机号已绑定到该用户" },
    note: {
      en: "One number, one user. It logs nobody in: numbers pass on to other people after some months.",
      zh: "一个号码只属于一个用户。号码不能用来登录：几个月后它可能会分配给别人。",
    },
  },
  failure: { en: "The number is not bound", zh: "手机号未绑定" },
}

const uploadAvatar: RouteWords = {
  step: { request: null, reply: null },
  request: {
    title: { en: "The chosen picture goes to your server", zh: "小程序把所选图片上传到你的服务器" },
    note: {
      en: "WeChat gave a temporary file, which means nothing on any other device.",
      zh: "微信给的是临时文件，在其他设备上没有意义。",
    },
  },
  success: {
    title: { en: "The picture is kept, and is the user's avatar", zh: "图片已保存，成为该用户的头像" },
    note: {
      en: "By what is in it, not by its name; where and by what it was taken is left out. The one before is removed.",
      zh: "只看内容，不看文件名；拍摄地点和设备等信息已去除。旧头像会被删除。",
    },
  },
  failure: { en: "The picture is not taken", zh: "图片未被接受" },
}

const withToken: RouteWords = {
  step: { request: 8, reply: 8 },
  request: {
    title: { en: "A request with the access token", zh: "携带访问令牌的请求" },
    note: {
      en: "The server checks the signature and the session. It needs neither WeChat nor the code any more.",
      zh: "服务器验证签名和会话，不再需要微信，也不再需要 code。",
    },
  },
  success: { title: { en: "The server knows who asks", zh: "服务器已识别用户并应答" }, note: null },
  failure: { en: "The request is refused", zh: "请求被拒绝" },
}

const withoutToken: RouteWords = {
  step: { request: null, reply: null },
  request: { title: { en: "A request without a token", zh: "未携带令牌的请求" }, note: null },
  success: { title: { en: "Answered without asking who it is", zh: "无需身份即可应答" }, note: null },
  failure: { en: "The request is refused", zh: "请求被拒绝" },
}

/** @param path without what stands before the login server's routes */
export function routeWords(method: string, path: string, hasToken: boolean): RouteWords {
  if (method === "POST" && path === "/login") return logIn
  if (method === "POST" && path === "/refresh") return refresh
  if (method === "POST" && path === "/logout") return logOut
  if (method === "POST" && path === "/me/phone") return bindPhone
  if (method === "POST" && path === "/me/avatar") return uploadAvatar
  return phoneScanWords[`${method} ${path}`] ?? (hasToken ? withToken : withoutToken)
}

/** What to say of the code of an error that Denglu answered. */
export function errorNote(code: unknown): Text | null {
  return typeof code === "string" ? (errorNotes[code] ?? null) : null
}
