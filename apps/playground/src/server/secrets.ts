import type { Text } from "../protocol.ts"
import { masked } from "./masker.ts"

/** Why a field is never shown in full, by its name in lower case without what stands before a dot. */
const reasons: Readonly<Record<string, Text>> = {
  authorization: {
    en: "Whoever has the token is the user until it expires.",
    zh: "在过期之前，持有令牌的人就等于该用户。",
  },
  cookie: {
    en: "Whoever has the session's cookie is the user. No script on the page can read it (HttpOnly).",
    zh: "持有会话 Cookie 的人就等于该用户。页面脚本无法读取它（HttpOnly）。",
  },
  code: {
    en: "Whoever redeems it first is logged in as this person.",
    zh: "谁先用它换取登录态，谁就以该用户身份登录。",
  },
  secret: {
    en: "With it anybody could act as your mini program. It stays on the server.",
    zh: "泄露后任何人都能冒充你的小程序，只能保存在服务器上。",
  },
  access_token: {
    en: "Whoever has it is the user until it expires. What it says is public and shown decoded.",
    zh: "在过期之前，持有它的人就等于该用户。其内容可公开，下方已解码展示。",
  },
  refresh_token: {
    en: "Whoever has it gets new tokens for as long as the session lives.",
    zh: "在会话有效期内，持有它的人可以不断换取新令牌。",
  },
  session_key: { en: "Never leaves the server.", zh: "绝不离开服务器。" },
  phone: { en: "Belongs to the person alone.", zh: "属于用户隐私。" },
  encrypteddata: { en: "Holds data of the person.", zh: "包含用户数据。" },
  signature: { en: "Made with the session_key.", zh: "由 session_key 计算得出。" },
  scene: {
    en: "Stands in the code. It opens the question on the phone once; the session goes only to the browser with the ticket's cookie.",
    zh: "写在小程序码里。它只能在手机上打开一次询问；会话只会给持有该票据 Cookie 的浏览器。",
  },
  scan_number: {
    en: "It shows that whoever confirms sees this page.",
    zh: "用来证明确认的人正看着这个页面。",
  },
  sms_digits: {
    en: "Only a digest is kept, and the digits themselves were in the SMS alone.",
    zh: "只保存摘要，验证码本身只在短信中。",
  },
  sms_id: {
    en: "The digits are good only together with it: whoever asked for them must send them.",
    zh: "验证码须与它一起提交才有效：只有请求短信的人能用。",
  },
  password: { en: "A password.", zh: "密码。" },
  openid: {
    en: "Not secret, but it names a person: shown in part.",
    zh: "不是机密，但能识别用户，因此只显示一部分。",
  },
}

const aliases: Readonly<Record<string, string>> = {
  "set-cookie": "cookie",
  // The picture is the scene, drawn.
  image: "scene",
  digits: "sms_digits",
  js_code: "code",
  appsecret: "secret",
  app_secret: "secret",
  client_secret: "secret",
  token: "access_token",
  id_token: "access_token",
  component_access_token: "access_token",
  sessionkey: "session_key",
  previous_session_key: "session_key",
  encrypt_key: "session_key",
  phonenumber: "phone",
  phone_number: "phone",
  purephonenumber: "phone",
  mobile: "phone",
  // Of Denglu's own answer about a phone.
  number: "phone",
  national_number: "phone",
  unionid: "openid",
  union_id: "openid",
  open_id: "openid",
  rawdata: "encrypteddata",
}

/**
 * Why the field is masked; `undefined` if it is not. `isProblem`: it stands in an error that Denglu answered, where `code` is no secret.
 * @param value tells the number of a scan from a phone's
 */
export function secretReason(name: string, isProblem = false, value = ""): Text | undefined {
  const leaf = name.toLowerCase().replace(/^.*\./, "")
  if (isProblem && leaf === "code") return undefined
  if (leaf === "number" && /^\d\d$/.test(value)) return reasons.scan_number
  return reasons[aliases[leaf] ?? leaf]
}

/** What may be seen of a secret field. The word before a token stays, and a cookie's name and rules: `Bearer eyJh…(312)`. */
export function maskedValue(name: string, value: string): string {
  if (/^(set-)?cookie$/i.test(name)) return maskedCookies(name, value)
  // Of what a person could guess, no part is shown.
  if (/password$/i.test(name) || value.length < 8) return "…"
  const [, scheme, token] = (name.toLowerCase() === "authorization" && /^(\w+) (.+)$/s.exec(value)) || []
  return scheme === undefined || token === undefined ? masked(value) : `${scheme} ${masked(token)}`
}

/** Of `Set-Cookie` only the first pair is the cookie; all after it are rules for the browser. */
function maskedCookies(name: string, value: string): string {
  const isOne = name.length > "cookie".length
  return value
    .split("; ")
    .map((pair, index) => {
      const [, cookie, secret] = /^([^=]+)=(.+)$/s.exec(pair) ?? []
      return cookie === undefined || secret === undefined || (isOne && index > 0)
        ? pair
        : `${cookie}=${masked(secret)}`
    })
    .join("; ")
}
