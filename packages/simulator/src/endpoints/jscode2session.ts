import { failure, success } from "../reply.ts"
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
    const appid = query.get("appid")
    const secret = query.get("secret")
    const code = query.get("js_code")
    if (!appid) return fail(41002)
    const app = world.apps.get(appid)
    if (app === undefined) return fail(40013)
    if (!secret) return fail(41004)
    if (secret !== app.secret) return fail(40125)
    if (code === null) return fail(41008)
    if (query.get("grant_type") !== "authorization_code") return fail(40002)
    const redeemed = world.redeemLoginCode(appid, code)
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
