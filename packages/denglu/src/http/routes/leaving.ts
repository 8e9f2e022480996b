import { DengluError } from "../../errors.ts"
import { leave } from "../../login/leave.ts"
import { leaveByPassword } from "../../login/password/leave-by-password.ts"
import { leaveBySms } from "../../login/sms/leave-by-sms.ts"
import { DeleteMeReply, DeleteMeRequest, MyDataReply } from "../../protocol/leaving.ts"
import { InvalidRequestError } from "../problem.ts"
import { type Call, route } from "../route.ts"
import { isoTime } from "./iso-time.ts"

const deleteMe = {
  auth: true,
  endsSession: true,
  body: DeleteMeRequest,
  reply: DeleteMeReply,
  async handle({ flow, exchangeCode, user: asker, body, limit, requestId }: Call<DeleteMeRequest>) {
    await limit.login()
    const { code, appid, sms_id: smsId, password } = body
    if (password !== undefined)
      return { restore_until: isoTime(await leaveByPassword(flow, asker, password, requestId)) }
    if (code === undefined) throw new InvalidRequestError([{ pointer: "/code", detail: "is missing" }])
    if (smsId !== undefined)
      return { restore_until: isoTime(await leaveBySms(flow, asker, { smsId, code }, requestId)) }
    const admit = limit.loginOfApp
    const leavesAt = await leave(flow, exchangeCode, { asker, code, appid, requestId, admit })
    return { restore_until: isoTime(leavesAt) }
  },
} as const

export const deleteMeRoute = route({
  method: "DELETE",
  path: "/me",
  summary:
    "Delete the account, with a fresh code of the same person, digits sent to their number, or their password",
  ...deleteMe,
})

/** What becomes of a body that goes with DELETE depends on the phone. */
export const deleteMeByPostRoute = route({
  method: "POST",
  path: "/me/delete",
  summary: "Delete the account, for clients that can't send a body with DELETE",
  ...deleteMe,
})

export const exportMeRoute = route({
  method: "GET",
  path: "/me/export",
  summary: "Everything that is held of the user who asks; five times an hour",
  auth: true,
  reply: MyDataReply,
  async handle({ exportData, user: { userId } }) {
    const data = await exportData(userId)
    if (data === undefined) throw new DengluError("session_revoked")
    const headers = { "content-disposition": 'attachment; filename="me.json"' }
    return { status: 200, body: data, headers }
  },
})
