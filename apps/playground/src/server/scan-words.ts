import type { Text } from "../protocol.ts"
import type { RouteWords } from "./route-words.ts"

/** The login of a web page is beside the nine steps. */
const beside = { request: null, reply: null } as const

/** What the phone sends after it has scanned the code on a web page. */
export const phoneScanWords: Readonly<Record<string, RouteWords>> = {
  "POST /scan/open": {
    step: beside,
    request: {
      title: { en: "Scanned: who asks to be logged in?", zh: "已扫码：是谁请求登录？" },
      note: {
        en: "The scene and how the mini program was opened. The first person who asks is the only one who may confirm.",
        zh: "发送 scene 和小程序的打开方式。第一个询问的人，是唯一可以确认的人。",
      },
    },
    success: {
      title: { en: "Which site, which browser, when", zh: "哪个网站、哪个浏览器、什么时间" },
      note: { en: "For the person to read before they say yes.", zh: "供用户在同意之前核对。" },
    },
    failure: { en: "The code is refused", zh: "这个码被拒绝" },
    stored: { en: "The ticket belongs to this person now", zh: "票据从此归这个人" },
  },
  "POST /scan/…/confirm": {
    step: beside,
    request: {
      title: { en: "The person confirms, with the number", zh: "用户输入数字并确认" },
      note: {
        en: "Who holds only a picture of the code does not see the number that the page shows.",
        zh: "只拿到码的图片的人，看不到网页上显示的数字。",
      },
    },
    success: {
      title: { en: "Confirmed: the browser may be logged in", zh: "已确认：该浏览器可以登录" },
      note: {
        en: "No token comes to the phone: only the browser that asked for the code can fetch the session.",
        zh: "手机不会得到令牌：只有申请这个码的浏览器才能取走会话。",
      },
    },
    failure: { en: "Not confirmed, and the code is over", zh: "未确认，码已作废" },
    stored: { en: "The ticket is answered", zh: "票据已有结果" },
  },
  "POST /scan/…/deny": {
    step: beside,
    request: { title: { en: "The person says no", zh: "用户拒绝登录" }, note: null },
    success: { title: { en: "The code is over", zh: "码已作废" }, note: null },
    failure: { en: "The answer was refused", zh: "操作被拒绝" },
    stored: { en: "The ticket is answered", zh: "票据已有结果" },
  },
}

/** What the web page is told of its code, by its status. */
export const scanNews: Readonly<Record<string, Text>> = {
  waiting: { en: "Nobody has scanned it yet", zh: "还没有人扫码" },
  opened: { en: "Somebody is looking at it on a phone", zh: "有人正在手机上查看" },
  confirmed: { en: "It was confirmed on the phone", zh: "手机上已确认" },
  denied: { en: "It was refused on the phone: no session", zh: "手机上未通过：没有会话" },
  expired: { en: "Its three minutes are over: no session", zh: "三分钟已过：没有会话" },
}
