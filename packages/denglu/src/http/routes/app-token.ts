import { borrowAppToken, findBorrower } from "../../login/borrow-app-token.ts"
import { AppTokenReply, AppTokenRequest } from "../../protocol/app-token.ts"
import { readBearer } from "../bearer.ts"
import { route } from "../route.ts"

export const appTokenRoute = route({
  method: "POST",
  path: "/wechat/access-token",
  summary: "Borrow a mini program's access_token, for other systems of the same company",
  auth: false,
  body: AppTokenRequest,
  bodyOptional: true,
  reply: AppTokenReply,
  async handle({ flow, body, authorization, limit, requestId }) {
    const borrower = findBorrower(flow, flow.options.borrowers.length === 0 ? "" : readBearer(authorization))
    await limit.loan(borrower.name)
    const { appid, refused } = body
    const loan = await borrowAppToken(flow, { borrower, appid, refused, requestId })
    return { appid: loan.appid, access_token: loan.token, expires_in: loan.expiresIn }
  },
})
