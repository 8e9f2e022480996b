import type { Text } from "../protocol.ts"
import type { RouteWords } from "./route-words.ts"

const beside = { request: null, reply: null } as const
const stored: Text = {
  en: "A session begins, in this browser",
  zh: "在这个浏览器中建立会话",
}
const inCookies = {
  title: { en: "Logged in: the session is in cookies", zh: "已登录：会话在 Cookie 中" },
  note: {
    en: "It is the same kind of session as the phone's: listed, audited and ended in the same place.",
    zh: "它和手机上的会话是同一种：一起列出、一起审计、在同一处终止。",
  },
}
const noLogin: Text = { en: "No login", zh: "登录未成功" }

/** What the web page sends, by method and path. */
const byRoute: Readonly<Record<string, RouteWords>> = {
  "GET /login/ways": {
    step: beside,
    request: {
      title: { en: "The login panel asks which ways in there are", zh: "登录面板询问可用的登录方式" },
      note: null,
    },
    success: {
      title: { en: "Its tabs", zh: "面板上的标签页" },
      note: {
        en: "The ways that the server's options switch on, and whether people may register.",
        zh: "服务器选项中开启的登录方式，以及是否开放注册。",
      },
    },
    failure: { en: "The panel offers scanning alone", zh: "面板只提供扫码登录" },
  },
  "POST /scan": {
    step: beside,
    request: {
      title: { en: "The web page asks for a code to scan", zh: "网页申请一个登录码" },
      note: {
        en: "The browser gets a secret of its own for it, in a cookie. Without that the code is worth nothing.",
        zh: "浏览器会得到一个只属于它的秘密（Cookie）。没有它，码毫无用处。",
      },
    },
    success: {
      title: { en: "A code, and a number beside it", zh: "返回小程序码和一个数字" },
      note: { en: "Good for three minutes, once.", zh: "三分钟内有效，只能用一次。" },
    },
    failure: { en: "There is no code", zh: "没有得到码" },
    stored: { en: "A ticket is kept: digests only", zh: "保存票据：只存摘要" },
  },
  "GET /scan/…": {
    step: beside,
    request: {
      title: { en: "The page asks what has become of its code", zh: "网页询问码的状态" },
      note: {
        en: "The server holds the answer until there is news, for 20 s at most. Questions without news are not drawn.",
        zh: "有变化时服务器才应答，最多等 20 秒。没有变化的询问不画出来。",
      },
    },
    success: { title: { en: "There is news", zh: "状态有变化" }, note: null },
    failure: { en: "The question is refused", zh: "询问被拒绝" },
  },
  "POST /scan/…/redeem": {
    step: beside,
    request: {
      title: { en: "The browser fetches its session", zh: "浏览器取走会话" },
      note: {
        en: "Only with the cookie that came with the code, and only once.",
        zh: "必须带着申请码时得到的 Cookie，且只能取一次。",
      },
    },
    success: inCookies,
    failure: noLogin,
    stored,
  },
  "GET /me": {
    step: beside,
    request: {
      title: { en: "The page looks whether it is still logged in", zh: "网页检查自己是否仍在登录" },
      note: {
        en: "Every few seconds. Answers without news are not drawn.",
        zh: "每隔几秒一次。没有变化的应答不画出来。",
      },
    },
    success: { title: { en: "It is", zh: "仍在登录" }, note: null },
    failure: { en: "The session is over", zh: "会话已结束" },
  },
  "POST /refresh": {
    step: beside,
    request: {
      title: { en: "The page trades its refresh cookie", zh: "网页用刷新 Cookie 换取新会话" },
      note: null,
    },
    success: { title: { en: "New cookies", zh: "返回新的 Cookie" }, note: null },
    failure: { en: "The refresh cookie is refused", zh: "刷新 Cookie 被拒绝" },
  },
  "POST /logout": {
    step: beside,
    request: { title: { en: "The person logs out on the web page", zh: "用户在网页上退出" }, note: null },
    success: { title: { en: "The session is over", zh: "会话已结束" }, note: null },
    failure: { en: "The logout was refused", zh: "退出登录被拒绝" },
    stored: { en: "The session is ended", zh: "会话已终止" },
  },
  "POST /sms": {
    step: beside,
    request: {
      title: { en: "The page has digits sent to a phone", zh: "网页请求发送短信验证码" },
      note: null,
    },
    success: {
      title: { en: "They are on their way", zh: "短信已发出" },
      note: {
        en: "Six digits, five minutes, five tries, and only for this browser.",
        zh: "六位数字，五分钟有效，最多试五次，只对这个浏览器有效。",
      },
    },
    failure: { en: "No SMS is sent", zh: "没有发送短信" },
    stored: { en: "The digits are kept as a digest", zh: "验证码只存摘要" },
  },
  "POST /me/phone": {
    step: beside,
    request: {
      title: { en: "The digits of the SMS bind the number", zh: "用短信验证码绑定手机号" },
      note: null,
    },
    success: {
      title: { en: "The number is one more way in", zh: "手机号成为又一种登录方式" },
      note: { en: "To the same user: it was proved from both sides.", zh: "登录同一个用户：两边都已验证。" },
    },
    failure: { en: "The number is not bound", zh: "手机号未绑定" },
    stored: { en: "The number belongs to the user", zh: "号码归该用户所有" },
  },
  "POST /login/sms": {
    step: beside,
    request: { title: { en: "The digits come back", zh: "提交短信验证码" }, note: null },
    success: inCookies,
    failure: noLogin,
    stored,
  },
  "POST /login/password": {
    step: beside,
    request: { title: { en: "Account and password", zh: "提交账号和密码" }, note: null },
    success: inCookies,
    failure: noLogin,
    stored,
  },
  "POST /register": {
    step: beside,
    request: { title: { en: "The page registers an account", zh: "网页注册新账号" }, note: null },
    success: inCookies,
    failure: { en: "The account is not made", zh: "注册未成功" },
    stored: {
      en: "User and password are kept: the password as argon2id",
      zh: "保存用户和密码：密码以 argon2id 存储",
    },
  },
}

const anything: RouteWords = {
  step: beside,
  request: {
    title: { en: "The page asks, with its cookie", zh: "网页带着 Cookie 请求" },
    note: {
      en: "The server takes the same access token from a cookie that it takes from a header on the phone.",
      zh: "服务器从 Cookie 中取得访问令牌，与手机放在请求头里的是同一种。",
    },
  },
  success: { title: { en: "The server knows who asks", zh: "服务器已识别用户并应答" }, note: null },
  failure: { en: "The request is refused", zh: "请求被拒绝" },
}

/** @param line method and path: `POST /scan` */
export function siteWords(line: string): RouteWords {
  return byRoute[line] ?? anything
}
