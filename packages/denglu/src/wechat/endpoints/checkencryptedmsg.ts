import { createHash } from "node:crypto"
import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply, WeChatError } from "../wechat-error.ts"

const endpoint = "checkencryptedmsg"
/** WeChat doesn't know the data: it has never made it, or more than three days ago, or for another app. */
const unknownData = 1

/** `POST /wxa/business/checkencryptedmsg`: changes nothing, so it may be repeated. What is hashed is the base64 text. */
function checkencryptedmsgRequest(accessToken: string, encryptedData: string): WeChatRequest {
  return {
    endpoint,
    method: "POST",
    path: "/wxa/business/checkencryptedmsg",
    query: { access_token: accessToken },
    json: { encrypted_msg_hash: createHash("sha256").update(encryptedData).digest("hex") },
    retry: "busy",
  }
}

/** When (seconds since 1970) WeChat made the data; `undefined` if it has not. `vaild` is how WeChat writes it. @throws WeChatError `bad_reply` */
export function readCheckencryptedmsg(
  json: Readonly<Record<string, unknown>> | undefined,
): number | undefined {
  const { vaild, create_time: createTime } = json ?? {}
  if (vaild === false) return undefined
  if (vaild !== true || typeof createTime !== "number" || !Number.isSafeInteger(createTime))
    throw badReply(endpoint, "the answer does not say whether the data is WeChat's")
  return createTime
}

/**
 * Asks whether WeChat has made this `encryptedData`, and when. Only phone numbers can be asked about. It says nothing about `iv`, by which
 * a sender chooses the first 16 bytes.
 *
 * @throws WeChatError
 */
export async function checkencryptedmsg(
  caller: Caller,
  accessToken: string,
  encryptedData: string,
): Promise<number | undefined> {
  try {
    return readCheckencryptedmsg(
      (await caller.call(checkencryptedmsgRequest(accessToken, encryptedData))).json,
    )
  } catch (error) {
    if (error instanceof WeChatError && error.errcode === unknownData) return undefined
    throw error
  }
}
