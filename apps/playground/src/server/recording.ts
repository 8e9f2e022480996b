import type { Text } from "../protocol.ts"
import type { Feed } from "./feed.ts"
import type { FieldReader } from "./fields.ts"
import type { Masker } from "./masker.ts"

/** What every recorder writes with. */
export interface Recording {
  readonly feed: Feed
  readonly fields: FieldReader
  readonly masker: Masker
}

/**
 * Who spoke: the phone or the computer on the page, the second phone of the same person, another person's phone, or a client that
 * the playground knows nothing of.
 */
export type Device = "phone" | "computer" | "second" | "stranger" | "elsewhere"

const others = {
  second: { en: "Second phone", zh: "另一部手机" },
  stranger: { en: "A stranger's phone", zh: "陌生人的手机" },
  elsewhere: { en: "Another client", zh: "其他客户端" },
} as const

/** A title, with whose it is if it is of neither device on the page. */
export function titleOf(device: Device, title: Text): Text {
  if (device === "phone" || device === "computer") return title
  const who = others[device]
  return { en: `${who.en}: ${title.en}`, zh: `${who.zh}：${title.zh}` }
}

/** The notes that there are, one after the other. */
export function joinNotes(...notes: readonly (Text | null | undefined)[]): Text | null {
  const said = notes.filter(note => note !== null && note !== undefined)
  if (said.length === 0) return null
  return { en: said.map(note => note.en).join(" "), zh: said.map(note => note.zh).join("") }
}
