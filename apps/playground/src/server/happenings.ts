import type { Party, Person, Text } from "../protocol.ts"
import type { Feed } from "./feed.ts"

/** Something that happens to one party, without a message. */
export interface Happening {
  readonly party: Party
  readonly line: string
  readonly title: Text
  readonly note: Text
}

/** Tells it, so that what follows in the sequence can be understood. @param durationMs how long it took, if it took time */
export function tellHappening(feed: Feed, happening: Happening, durationMs: number | null = null): void {
  const { party, line, title, note } = happening
  feed.add({
    exchange: feed.nextExchange(),
    step: null,
    from: party,
    to: party,
    kind: "event",
    line,
    title,
    note,
    ok: null,
    durationMs,
    headers: [],
    body: [],
    token: null,
    rows: [],
  })
}

export const tokensExpired: Happening = {
  party: "server",
  line: "+31 min",
  title: { en: "The server's clock jumps ahead", zh: "服务器的时钟拨快 31 分钟" },
  note: {
    en: "Every access token is over now, and no phone has been told. Refresh tokens live on.",
    zh: "所有访问令牌都已过期，但没有人通知手机。刷新令牌仍然有效。",
  },
}

export const sessionKeyRotated: Happening = {
  party: "wechat",
  line: "rotated",
  title: { en: "WeChat changes the session_key", zh: "微信更换 session_key" },
  note: {
    en: "WeChat tells nobody. Your server's tokens do not depend on the key; the next login brings the new one.",
    zh: "微信不会通知任何人。服务器签发的令牌不依赖它；下次登录会带来新的密钥。",
  },
}

export const serverRestarted: Happening = {
  party: "server",
  line: "restart",
  title: { en: "The server has started again", zh: "服务器已重新启动" },
  note: {
    en: "Sessions and signing keys are in the database, so every token issued before still holds.",
    zh: "会话和签名密钥都在数据库里，之前签发的令牌全部有效。",
  },
}

export function handedOver({ name, title }: Person): Happening {
  return {
    party: "miniprogram",
    line: name,
    title: { en: `${title.en} holds the phone`, zh: `手机换到${title.zh}手中` },
    note: {
      en: "To WeChat this is another openid, to your server another user. The mini program starts anew with this person's storage.",
      zh: "对微信来说这是另一个 openid，对服务器来说是另一个用户。小程序用此人自己的本地存储重新启动。",
    },
  }
}
