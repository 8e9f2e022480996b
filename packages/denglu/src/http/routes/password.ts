import { Type } from "typebox"
import { changePassword } from "../../login/password/change-password.ts"
import { type LoggedInByPassword, logInByPassword } from "../../login/password/log-in-by-password.ts"
import type { PasswordProof } from "../../login/password/password-proof.ts"
import { register } from "../../login/password/register.ts"
import { removePassword } from "../../login/password/remove-password.ts"
import { resetPassword } from "../../login/password/reset-password.ts"
import { IssuedReply } from "../../protocol/log-in.ts"
import {
  ChangePasswordRequest,
  PasswordChangedReply,
  PasswordLogInRequest,
  RegisterRequest,
  ResetPasswordRequest,
} from "../../protocol/password.ts"
import { addressBucket } from "../client-address.ts"
import { readMarks, withMarks } from "../familiar-marks.ts"
import { refuseForeignPages } from "../page-origin.ts"
import { type Call, route } from "../route.ts"
import { tokenReply } from "./token-reply.ts"

const marksHeader = {
  "denglu-familiar": {
    description:
      "As the last login's answer had it: this browser keeps tries of its own for people who have logged in here. Where sessions are in cookies a cookie does it",
  },
}

/** What the flows want to know of the request. */
function fromWhere({ address, userAgent, requestId, header }: Call<unknown>) {
  return { address: addressBucket(address), marks: readMarks({ header }), userAgent, requestId }
}

const issued = (call: Call<unknown>, { tokens, marks }: LoggedInByPassword) =>
  withMarks(call, tokenReply(tokens), marks)

/** The code of `wx.login()`, or the digits, that came. */
function proofIn({
  exchangeCode,
  limit,
  body: { code, appid, sms_id: smsId },
}: Call<{ readonly code?: string; readonly appid?: string; readonly sms_id?: string }>):
  | PasswordProof
  | undefined {
  if (code === undefined) return undefined
  return smsId === undefined ? { exchangeCode, code, appid, admit: limit.loginOfApp } : { smsId, code }
}

export const passwordLogInRoute = route({
  method: "POST",
  path: "/login/password",
  summary: "Log in by account name or phone number, and password",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  headers: marksHeader,
  body: PasswordLogInRequest,
  reply: IssuedReply,
  async handle(call) {
    refuseForeignPages(call)
    await call.limit.login()
    return issued(call, await logInByPassword(call.flow, { ...call.body, ...fromWhere(call) }))
  },
})

export const registerRoute = route({
  method: "POST",
  path: "/register",
  summary: "Make an account and log in, where everybody may (`passwords.registration`)",
  auth: false,
  sheddable: true,
  issuesTokens: true,
  headers: marksHeader,
  body: RegisterRequest,
  reply: IssuedReply,
  async handle(call) {
    refuseForeignPages(call)
    await call.limit.login()
    return issued(call, await register(call.flow, { ...call.body, ...fromWhere(call) }))
  },
})

export const changePasswordRoute = route({
  method: "POST",
  path: "/me/password",
  summary: "Choose a password, or another one; with the present one, or for the first a fresh code",
  auth: true,
  body: ChangePasswordRequest,
  reply: PasswordChangedReply,
  async handle(call) {
    const { flow, user, body, limit, address, requestId } = call
    await limit.login()
    const { account, password, current_password: currentPassword } = body
    return {
      revoked_sessions: await changePassword(flow, {
        asker: { ...user, requestId },
        account,
        password,
        currentPassword,
        proof: proofIn(call),
        address: addressBucket(address),
      }),
    }
  },
})

export const removePasswordRoute = route({
  method: "DELETE",
  path: "/me/password",
  summary: "Log in by password no more; refused where there is no other way in",
  auth: true,
  reply: Type.Undefined(),
  async handle({ flow, user, requestId }) {
    await removePassword(flow, { ...user, requestId })
    return { status: 204, body: undefined }
  },
})

export const resetPasswordRoute = route({
  method: "POST",
  path: "/password/reset",
  summary:
    "Another password for who has forgotten theirs, by a fresh code of their WeChat or digits sent to their phone; ends every session",
  auth: false,
  sheddable: true,
  body: ResetPasswordRequest,
  reply: PasswordChangedReply,
  async handle(call) {
    refuseForeignPages(call)
    const { flow, body, limit, address: from, requestId } = call
    await limit.login()
    const { account, password } = body
    const proof = proofIn(call) as PasswordProof
    const address = addressBucket(from)
    return { revoked_sessions: await resetPassword(flow, { account, password, proof, address, requestId }) }
  },
})
