import { failure, success } from "../reply.ts"
import { readCodeRequest } from "./code-request.ts"
import type { Endpoint } from "./endpoint.ts"

/**
 * `GET /sns/jscode2session`. All parameters are read from the query, whatever the body says, and judged in the order appid, secret, code,
 * grant_type; which of several missing ones is named first is not documented.
 */
export const jscode2session: Endpoint = {
  name: "jscode2session",
  path: "/sns/jscode2session",
  methods: ["GET", "POST"],
  family: "sns",
  answer({ query, world, clock }) {
    const fail = (errcode: number) => failure("sns", errcode, clock.now())
    const request = readCodeRequest(query, world, "js_code")
    if ("errcode" in request) return fail(request.errcode)
    const { app, code } = request
    const redeemed = world.redeemLoginCode(app.appid, code)
    if (redeemed === "unknown") return fail(40029)
    if (redeemed === "used") return fail(40163)
    const { sessionKey, openid, unionid } = redeemed
    return success("sns", {
      session_key: sessionKey,
      openid,
      ...(unionid === undefined ? {} : { unionid }),
    })
  },
}
