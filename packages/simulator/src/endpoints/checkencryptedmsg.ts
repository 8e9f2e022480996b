import { failure, success } from "../reply.ts"
import { type Endpoint, jsonBody } from "./endpoint.ts"
import { withToken } from "./with-token.ts"

/**
 * `POST /wxa/business/checkencryptedmsg`: whether WeChat has made this `encryptedData` of a phone number, within three days. `vaild` is its own
 * spelling. Of data it doesn't know the documents say both errcode 1 and `vaild: false`; the simulator says errcode 1.
 */
export const checkencryptedmsg: Endpoint = {
  name: "checkencryptedmsg",
  path: "/wxa/business/checkencryptedmsg",
  methods: ["POST"],
  family: "wxa/business",
  answer: call =>
    withToken(call, "wxa/business", appid => {
      const fail = (errcode: number) => failure("wxa/business", errcode, call.clock.now())
      const hash = jsonBody(call).encrypted_msg_hash
      if (typeof hash !== "string" || !/^[0-9a-f]{64}$/i.test(hash)) return fail(40097)
      const madeAt = call.world.phoneData.madeAt(appid, hash.toLowerCase())
      if (madeAt === undefined) return fail(1)
      return success("wxa/business", {
        errcode: 0,
        errmsg: "ok",
        vaild: true,
        create_time: Math.floor(madeAt / 1000),
      })
    }),
}
