import { derivedId } from "../identifiers.ts"
import { failure, success } from "../reply.ts"
import { readCodeRequest } from "./code-request.ts"
import type { Endpoint } from "./endpoint.ts"

/**
 * `GET /sns/oauth2/access_token`: what the code of a website's QR code, or of a page of an official account, stands for. The appid is judged before
 * everything else, as was recorded; the rest of the order is taken over from code2Session. With `snsapi_base` there is
 * the openid and nothing more; a visitor of a preview has an openid that nobody ever has again.
 */
export const oauth2AccessToken: Endpoint = {
  name: "oauth2_access_token",
  path: "/sns/oauth2/access_token",
  methods: ["GET", "POST"],
  family: "sns",
  answer({ query, world, clock }) {
    const fail = (errcode: number) => failure("sns", errcode, clock.now())
    const request = readCodeRequest(query, world, "code")
    if ("errcode" in request) return fail(request.errcode)
    const { app, code } = request
    const redeemed = world.redeemOauthCode(app.appid, code)
    if (redeemed === "unknown") return fail(40029)
    if (redeemed === "used") return fail(40163)
    if (redeemed === "of_mini_program") return fail(40242)
    const { membership, grant } = redeemed
    const { unionid } = membership
    const openid = grant.isSnapshotUser ? derivedId("snapshot", grant.accessToken) : membership.openid
    return success("sns", {
      access_token: grant.accessToken,
      expires_in: 7_200,
      refresh_token: grant.refreshToken,
      openid,
      scope: grant.scope,
      ...(grant.isSnapshotUser ? { is_snapshotuser: 1 } : {}),
      ...(unionid === undefined || grant.scope === "snsapi_base" ? {} : { unionid }),
    })
  },
}
