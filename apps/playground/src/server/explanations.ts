import type { Text } from "../protocol.ts"

/** What headers, parameters and fields are for, by name in lower case; of `user.id` first the whole name counts, then `id`. */
const explanations: Readonly<Record<string, Text>> = {
  accept: { en: "What the client can read.", zh: "客户端能接收的格式。" },
  "accept-language": {
    en: "The language in which errors are explained.",
    zh: "错误说明使用的语言。",
  },
  authorization: {
    en: "Who asks: the word Bearer and the access token. The server needs nothing else to know the user.",
    zh: "请求者身份：Bearer 加访问令牌，服务器凭它即可识别用户。",
  },
  "cache-control": {
    en: "no-store: nobody on the way may keep a copy of this reply.",
    zh: "no-store：途中任何一方都不得缓存此响应。",
  },
  "content-language": { en: "The language of the error.", zh: "错误说明的语言。" },
  "content-type": { en: "How the body is written.", zh: "内容的格式。" },
  cookie: {
    en: "The browser sends it by itself, and only to this host. The page can't read it.",
    zh: "由浏览器自动发送，只发给本站，页面无法读取。",
  },
  "denglu-session": {
    en: "The page wants its session in cookies. Pages of other sites can't send this header.",
    zh: "页面要求把会话放在 Cookie 中。其他网站的页面发不出这个请求头。",
  },
  origin: { en: "Of which site the page is; set by the browser.", zh: "页面属于哪个网站，由浏览器填写。" },
  referer: {
    en: "Set by WeChat, never by the page: which mini program asks.",
    zh: "由微信填写，页面无法修改：表明来自哪个小程序。",
  },
  "retry-after": { en: "Seconds to wait before trying again.", zh: "重试前应等待的秒数。" },
  "user-agent": {
    en: "The kind of device; kept with the session, so that people recognise it in their list.",
    zh: "设备类型；随会话保存，方便用户在列表中辨认。",
  },
  "set-cookie": {
    en: "__Host-: of this host alone, over TLS. HttpOnly: no script reads it. SameSite: other sites don't send it along.",
    zh: "__Host-：仅限本站且须 TLS。HttpOnly：脚本读不到。SameSite：其他网站不会带上它。",
  },
  "www-authenticate": {
    en: "Why the token was refused, for programs.",
    zh: "令牌被拒绝的原因，供程序读取。",
  },
  "x-request-id": {
    en: "The number of this request, under which the server's log has it.",
    zh: "请求编号，可据此在服务器日志中查到本次请求。",
  },
  appid: {
    en: "Which mini program it is. Public.",
    zh: "小程序的标识，可以公开。",
  },
  secret: {
    en: "The AppSecret: proves to WeChat that the server belongs to this mini program.",
    zh: "AppSecret：向微信证明服务器属于该小程序。",
  },
  code: {
    en: "Stands for the person who holds the phone. Good once, for five minutes, and worthless without the AppSecret.",
    zh: "代表手机前的用户。只能用一次，五分钟内有效，没有 AppSecret 也毫无用处。",
  },
  js_code: {
    en: "The code that the mini program sent, handed on.",
    zh: "小程序发来的 code，原样转交微信。",
  },
  grant_type: { en: "Always authorization_code.", zh: "固定为 authorization_code。" },
  errmsg: { en: "How it went, in words.", zh: "结果说明。" },
  errcode: {
    en: "WeChat's error number; 0 or absent means success. The HTTP status is 200 either way.",
    zh: "微信错误码；0 或没有该字段表示成功。无论成败 HTTP 状态都是 200。",
  },
  openid: {
    en: "The person, as this mini program knows them. In another mini program the same person has another one.",
    zh: "用户在该小程序中的标识；同一用户在其他小程序中的 openid 不同。",
  },
  unionid: {
    en: "The person across all apps of one open-platform account.",
    zh: "用户在同一开放平台帐号下所有应用中的统一标识。",
  },
  session_key: {
    en: "Opens what WeChat encrypts for this person, and proves a login to WeChat.",
    zh: "用于解密微信为该用户加密的数据，也用于向微信证明登录态。",
  },
  access_token: {
    en: "Shown with every request. Short-lived and signed, so that any server can check it without asking.",
    zh: "每次请求都要携带。有效期短且带签名，任何服务器都能自行验证。",
  },
  refresh_token: {
    en: "Trades for the next pair of tokens. Works once.",
    zh: "用来换取下一对令牌，只能使用一次。",
  },
  token_type: {
    en: "How the token is sent: after the word Bearer.",
    zh: "令牌的携带方式：写在 Bearer 之后。",
  },
  expires_in: { en: "Seconds until the access token ends.", zh: "访问令牌的剩余秒数。" },
  refresh_expires_in: {
    en: "Seconds until the session ends if it is not refreshed.",
    zh: "若不刷新，会话将在多少秒后结束。",
  },
  session_id: {
    en: "Names this login on this device. Not a secret: nobody gets in with it.",
    zh: "这次登录在此设备上的编号。不是秘密，凭它无法登录。",
  },
  "user.id": {
    en: "Your own number for the person; orders and everything else hang on it, not on the openid.",
    zh: "你自己系统中的用户编号；订单等数据应关联它，而不是 openid。",
  },
  "user.is_new": { en: "Whether this very login created the user.", zh: "该用户是否由本次登录创建。" },
  nickname: { en: "A name that the person chose here.", zh: "用户自己填写的昵称。" },
  avatar_url: { en: "A picture that the person chose here.", zh: "用户自己选择的头像。" },
  created_at: { en: "When it came into being.", zh: "创建时间。" },
  updated_at: { en: "When it was last changed.", zh: "最近修改时间。" },
  last_active_at: { en: "When it was last refreshed.", zh: "最近一次刷新的时间。" },
  expires_at: { en: "When it ends if it is not refreshed.", zh: "若不刷新，将在此时结束。" },
  current: { en: "Whether it is the one that asks.", zh: "是否为发出请求的会话。" },
  user_agent: { en: "The kind of device it is on.", zh: "所在设备的类型。" },
  scene: { en: "What stands in the code: 128 random bits.", zh: "写在码里的内容：128 位随机数。" },
  launch_scene: {
    en: "How the mini program was opened: 1047 is the camera. Pictures, albums and cards are refused.",
    zh: "小程序的打开方式：1047 是相机扫码。图片、相册、卡片一律拒绝。",
  },
  image: { en: "The code to scan, as a picture.", zh: "要扫的码，图片形式。" },
  number: {
    en: "Shown beside the code, typed on the phone: it ties the two together.",
    zh: "显示在码旁边，在手机上输入：把两个设备联系起来。",
  },
  binding: {
    en: "How the browser proves that the code is its own: by a cookie.",
    zh: "浏览器如何证明这个码是它的：用 Cookie。",
  },
  page: { en: "The mini program's page that the code opens.", zh: "扫码后打开的小程序页面。" },
  env_version: { en: "Which version of the mini program is opened.", zh: "打开小程序的哪个版本。" },
  check_path: { en: "Whether the page must be published.", zh: "是否要求页面已发布。" },
  wait: { en: "Seconds for which the server may hold the answer.", zh: "服务器可以等多少秒再应答。" },
  status: { en: "What has become of the code.", zh: "这个码的当前状态。" },
  browser: { en: "Which browser asks, for the person to read.", zh: "请求登录的浏览器，供用户查看。" },
  place: { en: "Roughly where it is, for the person to read.", zh: "大致位置，供用户查看。" },
  "site.name": { en: "Which site asks, for the person to read.", zh: "请求登录的网站，供用户查看。" },
  "site.origin": { en: "Its address, as the browser vouches for it.", zh: "网站地址，由浏览器保证。" },
  everywhere: { en: "Ends all sessions of the person, not only this one.", zh: "结束该用户的全部会话。" },
  revoked_sessions: { en: "How many sessions ended.", zh: "结束了多少个会话。" },
  client_action: { en: "What the mini program should do now.", zh: "小程序接下来应该做什么。" },
  retryable: {
    en: "Whether the same request may succeed later, unchanged.",
    zh: "稍后原样重试是否可能成功。",
  },
  remedy: { en: "What a developer can do about it.", zh: "开发者可以如何处理。" },
  request_id: { en: "The same as in the header x-request-id.", zh: "与响应头 x-request-id 相同。" },
  purpose: { en: "What the digits are to be good for.", zh: "验证码的用途。" },
  sms_id: { en: "Names the message; goes along with the digits.", zh: "短信编号，须与验证码一起提交。" },
  retry_in: { en: "Seconds until another message may be sent.", zh: "多少秒后可再次发送。" },
  account: { en: "The account's name, or a phone number.", zh: "账号名或手机号。" },
  password: { en: "Checked against its argon2id hash.", zh: "与 argon2id 哈希比对。" },
  sig_method: { en: "How the signature is made.", zh: "签名方法。" },
  signature: {
    en: "Proves that its maker has the session_key, without showing it.",
    zh: "在不暴露 session_key 的前提下证明持有它。",
  },
  encrypteddata: {
    en: "Data encrypted by WeChat. Only the server can open it, with the session_key.",
    zh: "微信加密的数据，只有服务器能用 session_key 解开。",
  },
  iv: { en: "Where the encryption began; differs each time.", zh: "加密的初始向量，每次不同。" },
}

/** Fields of an error that Denglu answered, where they are other things than elsewhere. */
const ofProblems: Readonly<Record<string, Text>> = {
  type: { en: "The kind of error, as RFC 9457 wants it.", zh: "错误类型，按 RFC 9457 的格式。" },
  title: { en: "What went wrong, for people.", zh: "错误说明，供人阅读。" },
  status: { en: "The HTTP status once more.", zh: "与 HTTP 状态码相同。" },
  detail: { en: "What went wrong this time.", zh: "本次错误的具体情况。" },
  code: {
    en: "What went wrong, as a word that never changes: programs decide by it.",
    zh: "错误代码，固定不变，供程序判断。",
  },
}

/** What the field is for, if that is known. `isProblem`: it stands in an error that Denglu answered. */
export function explain(name: string, isProblem = false): Text | undefined {
  const whole = name.toLowerCase()
  const leaf = whole.slice(whole.lastIndexOf(".") + 1)
  return (isProblem ? ofProblems[whole] : undefined) ?? explanations[whole] ?? explanations[leaf]
}
