import type { Platform } from "../platform/platform.ts"
import { type Family, failure, type Reply, success } from "../reply.ts"
import type { HandedOut } from "../token-desk.ts"
import { type Call, type Endpoint, jsonBody } from "./endpoint.ts"

/**
 * What third-party platforms ask, under `/cgi-bin/component/`. The older documents name the token in the URL `component_access_token`, some newer
 * ones `access_token`: both are taken. Which of several wrong parameters is named first is not documented; platform, secret and token come first here.
 */
function component(name: string, answer: (call: Call) => Reply): Endpoint {
  return { name, path: `/cgi-bin/component/${name}`, methods: ["POST"], family: "cgi-bin", answer }
}

const fail = ({ clock }: Call, errcode: number, family: Family = "cgi-bin") =>
  failure(family, errcode, clock.now())

const textOf = (value: unknown) => (typeof value === "string" ? value : "")

/** Reads the platform's token, and hands on whose it is; in the body stands the same platform. */
function withComponentToken(
  call: Call,
  answer: (platform: Platform, body: Readonly<Record<string, unknown>>) => Reply,
): Reply {
  const { query, platforms } = call
  const body = jsonBody(call)
  const token = query.get("component_access_token") ?? query.get("access_token")
  if (!token) return fail(call, 41001)
  const platform = platforms.checkComponentToken(token)
  if (platform === "unknown") return fail(call, 40001)
  if (platform === "expired") return fail(call, 42001)
  if (body.component_appid !== platform.appid) return fail(call, 40013)
  return answer(platform, body)
}

/** The platform that proves itself by its secret, or what is wrong. */
function withSecret(call: Call, secretName: string, answer: (platform: Platform) => Reply): Reply {
  const body = jsonBody(call)
  const platform = call.platforms.find(textOf(body.component_appid))
  if (platform === undefined) return fail(call, 40013)
  if (!body[secretName]) return fail(call, 41004)
  return body[secretName] === platform.secret ? answer(platform) : fail(call, 40125)
}

const handOut = (name: string, { token, expiresIn }: HandedOut) =>
  success("cgi-bin", { [name]: token, expires_in: expiresIn })

/** What a mini program has allowed: log-in and data (18) among it. */
const funcInfo = [1, 17, 18, 19, 25, 30, 31].map(id => ({ funcscope_category: { id } }))

export const componentEndpoints: readonly Endpoint[] = [
  component("api_start_push_ticket", call =>
    withSecret(call, "component_secret", platform => {
      void call.platforms.pushTicket({ platform: platform.appid })
      return success("cgi-bin", { errcode: 0, errmsg: "ok" })
    }),
  ),
  component("api_component_token", call =>
    withSecret(call, "component_appsecret", platform => {
      const ticket = call.platforms.checkTicket(platform, textOf(jsonBody(call).component_verify_ticket))
      if (ticket === "unknown") return fail(call, 61006)
      if (ticket === "expired") return fail(call, 61005)
      return handOut("component_access_token", call.platforms.componentToken(platform))
    }),
  ),
  component("api_create_preauthcode", call =>
    withComponentToken(call, platform => handOut("pre_auth_code", call.platforms.preAuthCode(platform))),
  ),
  component("api_query_auth", call =>
    withComponentToken(call, (platform, body) => {
      const taken = call.platforms.takeAuthorizationCode(platform, textOf(body.authorization_code))
      if (taken === "unknown") return fail(call, 61009)
      if (taken === "expired") return fail(call, 61010)
      const { appid } = taken
      const refreshToken = call.platforms.refreshToken(platform, appid)
      if (refreshToken === undefined) return fail(call, 61010)
      const { token, expiresIn } = call.tokens.authorizer(platform.appid, appid)
      return success("cgi-bin", {
        authorization_info: {
          authorizer_appid: appid,
          authorizer_access_token: token,
          expires_in: expiresIn,
          authorizer_refresh_token: refreshToken,
          func_info: funcInfo,
        },
      })
    }),
  ),
  component("api_authorizer_token", call =>
    withComponentToken(call, (platform, body) => {
      const appid = textOf(body.authorizer_appid)
      const refreshToken = call.platforms.refreshToken(platform, appid)
      if (refreshToken === undefined) return fail(call, 61003)
      if (body.authorizer_refresh_token !== refreshToken) return fail(call, 61023)
      const { token, expiresIn } = call.tokens.authorizer(platform.appid, appid)
      return success("cgi-bin", {
        authorizer_access_token: token,
        expires_in: expiresIn,
        authorizer_refresh_token: call.platforms.rotateRefreshToken(platform, appid),
      })
    }),
  ),
  component("api_get_authorizer_info", call =>
    withComponentToken(call, (platform, body) => {
      const appid = textOf(body.authorizer_appid)
      const refreshToken = call.platforms.refreshToken(platform, appid)
      if (refreshToken === undefined) return fail(call, 61003)
      return success("cgi-bin", {
        authorizer_info: {
          nick_name: `Mini program ${appid}`,
          service_type_info: { id: 0 },
          verify_type_info: { id: 0 },
          user_name: `gh_${appid.slice(-12)}`,
          alias: "",
          principal_name: "",
          MiniProgramInfo: { network: {}, categories: [], visit_status: 0 },
        },
        authorization_info: {
          authorizer_appid: appid,
          authorizer_refresh_token: refreshToken,
          func_info: funcInfo,
        },
      })
    }),
  ),
  component("api_get_authorizer_list", call =>
    withComponentToken(call, (platform, { offset, count }) => {
      if (typeof offset !== "number" || typeof count !== "number" || !(count >= 1 && count <= 500))
        return fail(call, 40097)
      const all = call.platforms.authorizations(platform)
      return success("cgi-bin", {
        total_count: all.length,
        list: all.slice(offset, offset + count).map(({ appid, refreshToken, authorizedAt }) => ({
          authorizer_appid: appid,
          refresh_token: refreshToken,
          auth_time: Math.floor(authorizedAt / 1000),
        })),
      })
    }),
  ),
]

/**
 * `GET /sns/component/jscode2session`. Judged in the order token, platform, appid, authorisation, code, grant_type: so a token that is refused uses no
 * code up. That is not documented.
 */
export const componentJscode2session: Endpoint = {
  name: "component_jscode2session",
  path: "/sns/component/jscode2session",
  methods: ["GET"],
  family: "sns",
  answer(call) {
    const { query, world, platforms } = call
    const refuse = (errcode: number) => fail(call, errcode, "sns")
    const token = query.get("component_access_token")
    if (!token) return refuse(41021)
    const platform = platforms.checkComponentToken(token)
    if (platform === "unknown") return refuse(40001)
    if (platform === "expired") return refuse(42001)
    if (query.get("component_appid") !== platform.appid) return refuse(40013)
    const appid = query.get("appid")
    if (!appid) return refuse(41002)
    if (!world.apps.has(appid)) return refuse(40013)
    if (platforms.refreshToken(platform, appid) === undefined) return refuse(61003)
    const code = query.get("js_code")
    if (code === null) return refuse(41008)
    if (query.get("grant_type") !== "authorization_code") return refuse(40002)
    const redeemed = world.redeemLoginCode(appid, code)
    if (redeemed === "unknown") return refuse(40029)
    if (redeemed === "used") return refuse(40163)
    const { sessionKey, openid, unionid } = redeemed
    return success("sns", {
      session_key: sessionKey,
      openid,
      ...(unionid === undefined ? {} : { unionid }),
    })
  },
}
