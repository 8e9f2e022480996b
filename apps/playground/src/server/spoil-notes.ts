import type { ControlName, Text } from "../protocol.ts"

/** What a control did to the message that it met. */
export const spoilNotes = {
  "code-used": {
    en: "You had this code redeemed by somebody else already, before it reached the mini program.",
    zh: "按你的设置，这个 code 在到达小程序之前已被他人用掉。",
  },
  "code-expired": {
    en: "You let five minutes pass before this code reached the mini program.",
    zh: "按你的设置，这个 code 到达小程序时已过了五分钟。",
  },
  "wechat-busy": {
    en: "You made WeChat busy: it will answer -1 to this login, twice.",
    zh: "按你的设置，微信将对这次登录两次返回 -1（系统繁忙）。",
  },
  "slow-network": {
    en: "You slowed the network down: three seconds each way.",
    zh: "按你的设置，网络变慢：去程和回程各三秒。",
  },
  "lost-response": {
    en: "You had the reply thrown away on its way. The server has done its work and does not know that nobody heard.",
    zh: "按你的设置，响应在途中丢失。服务器已完成处理，并不知道对方没有收到。",
  },
} as const satisfies Partial<Record<ControlName, Text>>

/** What the SDK does when no reply came, by the path of the login server. */
export function lostNote(path: string): Text {
  if (path === "/login")
    return {
      en: "The SDK gets a new code and tries once more: the old one may have been used up.",
      zh: "SDK 会取得新 code 再试一次，因为旧的可能已被用掉。",
    }
  if (path === "/refresh")
    return {
      en: "The SDK sends the same refresh token again: for 30 s the server gives the same answer.",
      zh: "SDK 会再次发送同一个刷新令牌：30 秒内服务器会给出同样的结果。",
    }
  return {
    en: "The SDK reports it and does not send it again by itself: the server may have done the work already.",
    zh: "SDK 会报告错误，但不会自动重发，因为服务器可能已经处理过该请求。",
  }
}
