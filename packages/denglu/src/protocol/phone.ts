import { type Static, Type } from "typebox"

const text = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))

/**
 * `POST /me/phone`: `code` of a button; `code` with `sms_id`, where SMS is on; or `encrypted_data` with `iv`, where the option `legacyPhoneData`
 * allows it.
 */
export const BindPhoneRequest = Type.Object(
  {
    code: text(128, '`e.detail.code` of `<button open-type="getPhoneNumber">`; not the code of wx.login()'),
    sms_id: text(64, "From POST /sms with the purpose `bind`: then `code` is the six digits"),
    encrypted_data: text(
      14_000,
      "`e.detail.encryptedData`, exactly as the mini program got it; needs `iv` and the option legacyPhoneData",
    ),
    iv: text(64, "`e.detail.iv`, exactly as the mini program got it"),
  },
  { additionalProperties: false, description: "`code`, or `sms_id` and `code`" },
)
export type BindPhoneRequest = Static<typeof BindPhoneRequest>

/** A person's own phone number, in full. */
export const PhoneReply = Type.Object({
  number: Type.String({ description: "E.164: +8613800138000" }),
  country_code: Type.String({ description: "Without the +: 86" }),
  national_number: Type.String({ description: "Without the country code: 13800138000" }),
  verified_at: Type.String({
    format: "date-time",
    description: "When WeChat last vouched for it, or the person last typed digits that were sent to it",
  }),
})
export type PhoneReply = Static<typeof PhoneReply>
