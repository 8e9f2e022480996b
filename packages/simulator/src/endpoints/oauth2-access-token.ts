import { derivedId } from "../identifiers.ts"
import { failure, success } from "../reply.ts"
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
    const appid = query.get("appid")
    const secret = query.get("secret")
    const code = query.get("code")
    if (!appid) return fail(41002)
    const app = world.apps.get(appid)
    if (app === undefined) return fail(40013)
    if (!secret) return fail(41004)
    if (secret !== app.secret) return fail(40125)
    if (code === null) return fail(41008)
    if (query.get("grant_type") !== "authorization_code") return fail(40002)
    const redeemed = world.redeemOauthCode(appid, code)
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
