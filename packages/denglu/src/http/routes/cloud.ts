import { DengluError } from "../../errors.ts"
import { type CloudCaller, logInByCloud } from "../../login/log-in-by-cloud.ts"
import { IssuedReply } from "../../protocol/log-in.ts"
import { InvalidRequestError } from "../problem.ts"
import { route } from "../route.ts"
import { tokenReply } from "./token-reply.ts"

export const cloudLogInRoute = route({
  method: "POST",
  path: "/login/cloud",
  summary: "Log in whom WeChat's cloud hosting names in its headers; only with cloudHosting",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  headers: {
    "X-WX-SOURCE": { description: "Says that the request came through WeChat" },
    "X-WX-APPID": { description: "The app the person is in" },
    "X-WX-OPENID": { description: "The person" },
    "X-WX-UNIONID": { description: "The person, in all apps of one open-platform account" },
  },
  reply: IssuedReply,
  async handle({ flow, header, limit, userAgent, requestId }) {
    if (!flow.options.cloudHosting) throw new DengluError("not_found")
    const caller = readCaller(header)
    await limit.login()
    return tokenReply(await logInByCloud(flow, { caller, userAgent, requestId, admit: limit.loginOfApp }))
  },
})

const idForm = /^[A-Za-z0-9_-]{1,128}$/

/** A header that came twice is no id any more, for they were joined by a comma. @throws InvalidRequestError */
function readCaller(header: (name: string) => string | undefined): CloudCaller {
  const [source, appid, openid] = ["x-wx-source", "x-wx-appid", "x-wx-openid"].map(header)
  // Empty for a person whose app is bound to no open-platform account.
  const unionid = header("x-wx-unionid") || undefined
  if (!source) throw wrong("X-WX-SOURCE is missing: this request did not come through WeChat")
  if (appid === undefined || !idForm.test(appid)) throw wrong("X-WX-APPID is missing or no appid")
  if (openid === undefined || !idForm.test(openid)) throw wrong("X-WX-OPENID is missing or no openid")
  if (unionid !== undefined && !idForm.test(unionid)) throw wrong("X-WX-UNIONID is no unionid")
  return { appid, openid, unionid }
}

function wrong(detail: string): InvalidRequestError {
  return new InvalidRequestError([{ pointer: "", detail }])
}
