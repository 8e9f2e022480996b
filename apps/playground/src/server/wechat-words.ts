import type { Message, Text } from "../protocol.ts"

/** What a question to WeChat means. */
export interface WeChatWords {
  readonly step: { readonly request: Message["step"]; readonly reply: Message["step"] }
  readonly request: { readonly title: Text; readonly note: Text | null }
  readonly success: { readonly title: Text; readonly note: Text | null }
  readonly failure: Text
}

const refused: Text = { en: "WeChat refuses", zh: "微信拒绝了请求" }
const outside = { request: null, reply: null } as const
const ofSessionKey = { request: 9, reply: 9 } as const

const jscode2session: WeChatWords = {
  step: { request: 3, reply: 4 },
  request: {
    title: { en: "Your server asks WeChat whose code it is", zh: "服务器向微信查询 code 属于谁" },
    note: {
      en: "The AppSecret in this request is why the question can't come from the mini program.",
      zh: "请求中带有 AppSecret，所以不能由小程序直接发出。",
    },
  },
  success: {
    title: { en: "WeChat answers who it is", zh: "微信返回用户身份" },
    note: {
      en: "openid says who the person is. The session_key never leaves the server. The code is used up now.",
      zh: "openid 表明用户是谁。session_key 绝不离开服务器。code 至此已用掉。",
    },
  },
  failure: { en: "WeChat does not accept the code", zh: "微信不接受这个 code" },
}

const appToken: WeChatWords = {
  step: outside,
  request: {
    title: { en: "Your server gets an access_token of the app", zh: "服务器获取小程序的 access_token" },
    note: {
      en: "It is the app's, not the person's, and lasts two hours. The login does not need it.",
      zh: "它属于小程序而不是用户，有效期两小时。登录不需要它。",
    },
  },
  success: { title: { en: "WeChat answers the access_token", zh: "微信返回 access_token" }, note: null },
  failure: refused,
}

const checksession: WeChatWords = {
  step: ofSessionKey,
  request: {
    title: {
      en: "Your server asks whether the session_key still holds",
      zh: "服务器检查 session_key 是否仍有效",
    },
    note: {
      en: "It proves with a signature that it has the key, without sending it.",
      zh: "服务器用签名证明持有该密钥，而不发送密钥本身。",
    },
  },
  success: { title: { en: "The session_key holds", zh: "session_key 仍有效" }, note: null },
  failure: { en: "The session_key is out of date", zh: "session_key 已失效" },
}

const resetusersessionkey: WeChatWords = {
  step: ofSessionKey,
  request: {
    title: { en: "Your server asks for a new session_key", zh: "服务器请求更换 session_key" },
    note: null,
  },
  success: { title: { en: "WeChat answers a new session_key", zh: "微信返回新的 session_key" }, note: null },
  failure: refused,
}

const getuserphonenumber: WeChatWords = {
  step: outside,
  request: {
    title: { en: "Your server trades the phone-number code", zh: "服务器用手机号 code 换取手机号" },
    note: {
      en: "Another kind of code, from a button that the person tapped. It needs no session_key.",
      zh: "这是用户点击按钮得到的另一种 code，不需要 session_key。",
    },
  },
  success: { title: { en: "WeChat answers the phone number", zh: "微信返回手机号" }, note: null },
  failure: refused,
}

const getwxacodeunlimit: WeChatWords = {
  step: outside,
  request: {
    title: { en: "Your server has WeChat draw a code", zh: "服务器请微信生成小程序码" },
    note: {
      en: "A scene of 128 random bits goes into it, and the page that the code opens.",
      zh: "其中写入 128 位随机的 scene，以及扫码后打开的页面。",
    },
  },
  success: { title: { en: "WeChat answers the picture", zh: "微信返回图片" }, note: null },
  failure: refused,
}

const anything: WeChatWords = {
  step: outside,
  request: { title: { en: "Your server asks WeChat", zh: "服务器请求微信接口" }, note: null },
  success: { title: { en: "WeChat answers", zh: "微信返回结果" }, note: null },
  failure: refused,
}

const byPath: Readonly<Record<string, WeChatWords>> = {
  "/sns/jscode2session": jscode2session,
  "/cgi-bin/token": appToken,
  "/cgi-bin/stable_token": appToken,
  "/wxa/checksession": checksession,
  "/wxa/resetusersessionkey": resetusersessionkey,
  "/wxa/business/getuserphonenumber": getuserphonenumber,
  "/wxa/getwxacodeunlimit": getwxacodeunlimit,
}

export function weChatWords(path: string): WeChatWords {
  return byPath[path] ?? anything
}

const errcodes: Readonly<Record<number, Text>> = {
  40029: {
    en: "40029: WeChat knows no such code, or it is older than five minutes.",
    zh: "40029：微信不认识这个 code，或它已超过五分钟。",
  },
  40163: { en: "40163: somebody has used this code before.", zh: "40163：这个 code 已被用过。" },
  40226: { en: "40226: WeChat counts this person as high-risk.", zh: "40226：微信判定该用户为高风险。" },
  40125: { en: "40125: the AppSecret is wrong.", zh: "40125：AppSecret 不正确。" },
  40013: { en: "40013: WeChat knows no such appid.", zh: "40013：appid 不正确。" },
  40164: {
    en: "40164: the server's address is not on the app's allow list.",
    zh: "40164：服务器 IP 不在白名单中。",
  },
  45009: { en: "45009: the app's daily quota is used up.", zh: "45009：接口当日调用额度已用完。" },
  45011: { en: "45011: too many calls in this minute.", zh: "45011：本分钟调用过于频繁。" },
}

/** What a refusal is called, where it is not about what was asked. */
export function failureTitle({ failure }: WeChatWords, errcode: unknown): Text {
  return errcode === -1 ? { en: "WeChat is busy", zh: "微信系统繁忙" } : failure
}

/** @param asked how often the server has asked about this code, this time included */
export function errcodeNote(errcode: unknown, asked: number): Text | null {
  if (typeof errcode !== "number") return null
  if (errcode !== -1) return errcodes[errcode] ?? null
  return asked < 2
    ? {
        en: "-1: WeChat is busy and has not looked at the code. The server asks once more after a moment.",
        zh: "-1：微信系统繁忙，没有处理这个 code。服务器稍候会再问一次。",
      }
    : {
        en: "-1: WeChat is busy again. The server gives up and tells the mini program to wait.",
        zh: "-1：微信仍然繁忙。服务器不再尝试，并告知小程序稍后重试。",
      }
}
