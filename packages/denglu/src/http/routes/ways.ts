import { WaysReply } from "../../protocol/ways.ts"
import { route } from "../route.ts"

export const waysRoute = route({
  method: "GET",
  path: "/login/ways",
  summary: "How people can log in on web pages here: what a login panel offers",
  auth: false,
  reply: WaysReply,
  handle({ flow: { options } }) {
    const { scan, sms, passwords } = options
    return {
      ways: [
        ...(scan === undefined ? [] : (["scan"] as const)),
        ...(sms === undefined ? [] : (["sms"] as const)),
        ...(passwords === undefined ? [] : (["password"] as const)),
      ],
      registration: passwords?.registration === true,
    }
  },
})
