import { failure, success } from "../reply.ts"
import { type Endpoint, jsonBody } from "./endpoint.ts"
import { withToken } from "./with-token.ts"

/**
 * `POST /wxa/business/getuserphonenumber`. What it answers when `openid` and `code` are of different people is not documented; the
 * simulator says 40029.
 */
export const getuserphonenumber: Endpoint = {
  name: "getuserphonenumber",
  path: "/wxa/business/getuserphonenumber",
  methods: ["POST"],
  family: "wxa/business",
  answer: call =>
    withToken(call, "wxa/business", appid => {
      const { world, clock } = call
      const fail = (errcode: number) => failure("wxa/business", errcode, clock.now())
      const { code, openid } = jsonBody(call)
      if (typeof code !== "string" || code === "") return fail(40029)
      const redeemed = world.redeemPhoneCode(appid, code)
      if (redeemed === "unknown" || redeemed === "used") return fail(40029)
      if (openid !== undefined && openid !== redeemed.openid) return fail(40029)
      const { phone, countryCode } = redeemed.user
      return success("wxa/business", {
        errcode: 0,
        errmsg: "ok",
        phone_info: {
          phoneNumber: countryCode === "86" ? phone : `+${countryCode}${phone}`,
          purePhoneNumber: phone,
          countryCode,
          watermark: { timestamp: Math.floor(clock.now() / 1000), appid },
        },
      })
    }),
}
