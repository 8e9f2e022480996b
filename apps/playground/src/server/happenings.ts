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

export const codeScanned: Happening = {
  party: "miniprogram",
  line: "scene 1047",
  title: { en: "The phone scans the code on the web page", zh: "手机扫描网页上的码" },
  note: {
    en: "WeChat opens the mini program at the code's page and tells it how: launch scene 1047 is the camera.",
    zh: "微信打开码对应的小程序页面，并告知打开方式：场景值 1047 表示相机扫码。",
  },
}

export const scannedLate: Happening = {
  party: "server",
  line: "+3 min",
  title: { en: "Three minutes pass before the scan", zh: "扫码前已过三分钟" },
  note: {
    en: "The server's clock jumps ahead. The phone scans the code that the page showed before.",
    zh: "服务器的时钟被拨快。手机扫的是网页之前显示的码。",
  },
}

export function openedFromAlbum({ title }: Person): Happening {
  return {
    party: "miniprogram",
    line: "scene 1049",
    title: { en: `${title.en} opens a picture of the code`, zh: `${title.zh}打开码的图片` },
    note: {
      en: "Somebody sent it. WeChat says how it was opened: launch scene 1049 is the album, so the mini program asks nobody.",
      zh: "图片是别人发来的。微信告知打开方式：场景值 1049 表示从相册识别，因此小程序不会发起询问。",
    },
  }
}

export function guessedBy({ title }: Person, number: string): Happening {
  return {
    party: "miniprogram",
    line: `number ${number}?`,
    title: { en: `${title.en} scans a live picture and guesses`, zh: `${title.zh}对着直播画面扫码并猜数字` },
    note: {
      en: "From far away, with the camera, so the launch scene is right. What can't be seen there is the number.",
      zh: "人在远处，但确实用了相机，场景值没有问题。但那里看不到数字。",
    },
  }
}

/** @param to the number, masked */
export function smsReceived(to: string): Happening {
  return {
    party: "miniprogram",
    line: to,
    title: { en: "An SMS comes to the phone", zh: "手机收到短信" },
    note: {
      en: "Not to the mini program: to whoever has the number. Six digits, good once, for five minutes.",
      zh: "短信不经过小程序，只到号码持有人手中。六位数字，五分钟内有效，只能用一次。",
    },
  }
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
