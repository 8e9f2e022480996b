import { Type } from "typebox"
import { receivePlatformPush } from "../../login/receive-platform-push.ts"
import { checkPushUrl, receivePush } from "../../login/receive-push.ts"
import { route } from "../route.ts"

const signed = {
  signature: { description: "SHA-1 of token, timestamp and nonce" },
  timestamp: { description: "Seconds since 1970" },
  nonce: { description: "Anything" },
}

export const pushCheckRoute = route({
  method: "GET",
  path: "/wechat/push/:appid",
  summary: "WeChat checks the address of its message push",
  auth: false,
  query: { ...signed, echostr: { description: "What to answer" } },
  reply: Type.String(),
  replyAs: "text",
  handle: ({ flow, params: { appid = "" }, query }) => checkPushUrl(flow, appid, query),
})

/** What WeChat pushes, to whichever address. */
const pushed = {
  auth: false,
  query: { ...signed, msg_signature: { description: "SHA-1 of token, timestamp, nonce and Encrypt" } },
  body: Type.String(),
  bodyAs: "text",
  bodyLimit: 65_536,
  reply: Type.Literal("success"),
  replyAs: "text",
} as const

export const pushRoute = route({
  method: "POST",
  path: "/wechat/push/:appid",
  summary: "WeChat pushes a message, in JSON or XML, plain or encrypted",
  ...pushed,
  sheddable: true,
  async handle({ flow, params: { appid = "" }, query, body, requestId }) {
    await receivePush(flow, { appid, query, body, requestId })
    return "success" as const
  },
})

export const platformPushRoute = route({
  method: "POST",
  path: "/wechat/platform/:appid",
  summary: "WeChat pushes a ticket or an authorisation to a third-party platform, in encrypted XML",
  ...pushed,
  async handle({ flow, params: { appid = "" }, query, body, requestId }) {
    await receivePlatformPush(flow, { appid, query, body, requestId })
    return "success" as const
  },
})
