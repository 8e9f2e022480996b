import type { ScanWay, Text } from "../protocol.ts"

/** An attempt at somebody else's session, and what becomes of it. */
export interface Cheat {
  readonly way: Exclude<ScanWay, "camera">
  readonly icon: string
  readonly title: Text
  readonly does: Text
  readonly answer: Text
  /** Whether the phone on the page is where one sees it. */
  readonly onPhone: boolean
}

export const cheats: readonly Cheat[] = [
  {
    way: "stolen-picture",
    icon: "picture",
    title: { en: "Stolen picture", zh: "盗图转发" },
    does: {
      en: "Somebody sends the picture on; another person opens it from the album.",
      zh: "有人把码的图片发给别人，对方从相册里打开。",
    },
    answer: {
      en: "The launch scene is 1049, not 1047: only the camera counts.",
      zh: "场景值是 1049，不是 1047：只有相机扫码才算数。",
    },
    onPhone: true,
  },
  {
    way: "late",
    icon: "hourglass",
    title: { en: "Late scan", zh: "过期再扫" },
    does: {
      en: "Three minutes pass, then the phone scans the code of before.",
      zh: "过了三分钟，手机才扫之前的码。",
    },
    answer: {
      en: "The ticket is over; the page has another code by now.",
      zh: "票据已过期；网页也换了新的码。",
    },
    onPhone: true,
  },
  {
    way: "wrong-number",
    icon: "guess",
    title: { en: "Wrong number", zh: "猜数字" },
    does: {
      en: "A stranger scans a live picture of the code from afar and guesses the number.",
      zh: "陌生人在远处对着直播画面扫码，并猜一个数字。",
    },
    answer: {
      en: "One wrong number ends the code: there are ninety, and one try.",
      zh: "输错一次，码就作废：数字有九十个，机会只有一次。",
    },
    onPhone: false,
  },
]
