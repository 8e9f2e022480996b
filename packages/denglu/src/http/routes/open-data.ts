import type { SentOpenData } from "../../login/open-data.ts"
import { OpenDataReply, OpenDataRequest } from "../../protocol/open-data.ts"
import { InvalidRequestError } from "../problem.ts"
import { route } from "../route.ts"

export const openDataRoute = route({
  method: "POST",
  path: "/me/open-data",
  summary: "Read WeChat's open data: decrypt it, or check its signature",
  auth: true,
  body: OpenDataRequest,
  reply: OpenDataReply,
  async handle({ openData, user, body, requestId }) {
    const { sessionId: id, userId, appid } = user
    return { data: { ...(await openData({ id, userId, appid }, sentData(body), requestId)) } }
  },
})

/** Exactly one of the two pairs. */
function sentData({ encrypted_data, iv, raw_data, signature }: OpenDataRequest): SentOpenData {
  const isRaw = raw_data !== undefined && signature !== undefined
  if (encrypted_data !== undefined && iv !== undefined) {
    if (raw_data === undefined && signature === undefined) return { encryptedData: encrypted_data, iv }
  } else if (isRaw && encrypted_data === undefined && iv === undefined)
    return { rawData: raw_data, signature }
  throw new InvalidRequestError([
    { pointer: "", detail: "give encrypted_data and iv, or raw_data and signature" },
  ])
}
