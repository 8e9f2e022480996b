import type { Message, Party, Text } from "../protocol.ts"

/** The five lifelines, from left to right. */
export const parties: readonly { readonly party: Party; readonly name: Text; readonly short: Text }[] = [
  { party: "web", name: { en: "Web page", zh: "网页" }, short: { en: "Web", zh: "网页" } },
  {
    party: "miniprogram",
    name: { en: "Mini program", zh: "小程序" },
    short: { en: "Mini prog.", zh: "小程序" },
  },
  {
    party: "server",
    name: { en: "Your server", zh: "你的服务器" },
    short: { en: "Server", zh: "服务器" },
  },
  { party: "wechat", name: { en: "WeChat", zh: "微信" }, short: { en: "WeChat", zh: "微信" } },
  { party: "store", name: { en: "Store", zh: "数据库" }, short: { en: "Store", zh: "数据库" } },
]

/** Where a party's lifeline is, from 0 at the left edge to 1 at the right one. */
export function lifelineOf(party: Party): number {
  const index = parties.findIndex(candidate => candidate.party === party)
  return (index + 0.5) / parties.length
}

/** `Mini program to Your server`; the one party of an event. */
export function wayOf({ from, to }: Pick<Message, "from" | "to">): Text {
  const [start, end] = [nameOf(from), nameOf(to)]
  return from === to ? start : { en: `${start.en} to ${end.en}`, zh: `${start.zh} → ${end.zh}` }
}

function nameOf(party: Party): Text {
  return parties.find(candidate => candidate.party === party)?.name ?? { en: party, zh: party }
}
