import { mergeOwnUsers, type OtherAccountProof, previewOwnMerge } from "../../login/merge-own-users.ts"
import { MergeReply, MergeRequest } from "../../protocol/merge.ts"
import type { MergePreview } from "../../store/store.ts"
import { InvalidRequestError } from "../problem.ts"
import { route } from "../route.ts"
import { askerOf } from "./identities.ts"
import { isoTime } from "./iso-time.ts"

export const mergeRoute = route({
  method: "POST",
  path: "/me/merge",
  summary: "Make another account of the same person part of the account that asks",
  auth: true,
  body: MergeRequest,
  reply: MergeReply,
  async handle(call) {
    const { flow, exchangeCode, body, limit } = call
    if ((body.preview === undefined) === (body.confirm === undefined))
      throw new InvalidRequestError([{ pointer: "", detail: "give preview: true, then confirm: true" }])
    const proof = readProof(body)
    await limit.login()
    const input = { asker: askerOf(call), proof, admit: limit.loginOfApp }
    if (body.preview === true) return previewReply(await previewOwnMerge(flow, exchangeCode, input))
    const dropPhone = body.drop_phone === true
    const merge = await mergeOwnUsers(flow, exchangeCode, { ...input, dropPhone })
    return {
      merged: true,
      merge_id: merge.id,
      user_id: merge.survivorId,
      other_user_id: merge.absorbedId,
    }
  },
})

/** Exactly one of the two. */
function readProof({ refresh_token: refreshToken, code, appid }: MergeRequest): OtherAccountProof {
  if (refreshToken !== undefined && code === undefined && appid === undefined) return { refreshToken }
  if (code !== undefined && refreshToken === undefined) return { code, appid }
  throw new InvalidRequestError([
    { pointer: "", detail: "give refresh_token of the other account, or code (with appid) of it" },
  ])
}

function previewReply({ survivor, absorbed, ...preview }: MergePreview): MergeReply {
  if (survivor === undefined || absorbed === undefined) throw new Error("a preview of nobody")
  return {
    merged: false,
    user_id: survivor.id,
    other_user_id: absorbed.id,
    preview: {
      nickname: absorbed.nickname,
      avatar_url: absorbed.avatarUrl,
      created_at: isoTime(absorbed.createdAt),
      appids: absorbed.identities.map(({ appid }) => appid),
      sessions: preview.sessions,
      moves_phone: preview.phone !== undefined && !preview.dropsPhone,
      drops_phone: preview.dropsPhone,
      refusal: preview.refusal ?? null,
    },
  }
}
