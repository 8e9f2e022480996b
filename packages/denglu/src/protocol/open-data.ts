import { type Static, Type } from "typebox"

const text = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))

/** `POST /me/open-data`: `encrypted_data` with `iv`, or `raw_data` with `signature`. */
export const OpenDataRequest = Type.Object(
  {
    encrypted_data: text(14_000, "`encryptedData`, exactly as the mini program got it; needs `iv`"),
    iv: text(64, "`iv`, exactly as the mini program got it"),
    raw_data: text(14_000, "`rawData`, byte by byte as the mini program got it; needs `signature`"),
    signature: text(64, "`signature`, hexadecimal"),
  },
  { additionalProperties: false, description: "`encrypted_data` with `iv`, or `raw_data` with `signature`" },
)
export type OpenDataRequest = Static<typeof OpenDataRequest>

export const OpenDataReply = Type.Object({
  data: Type.Record(Type.String(), Type.Unknown(), {
    description: "What WeChat has encrypted or signed. Not a proof of who somebody is, nor of a phone number",
  }),
})
export type OpenDataReply = Static<typeof OpenDataReply>
