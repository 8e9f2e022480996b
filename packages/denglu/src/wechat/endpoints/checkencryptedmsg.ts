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

/** Whether the data is WeChat's. `vaild` is how WeChat writes it. @throws WeChatError `bad_reply` */
export function readCheckencryptedmsg(json: Readonly<Record<string, unknown>> | undefined): boolean {
  const { vaild } = json ?? {}
  if (typeof vaild !== "boolean")
    throw badReply(endpoint, "the answer does not say whether the data is WeChat's")
  return vaild
}

/**
 * Asks whether WeChat has made this `encryptedData` for this app within three days. Only phone numbers can be asked about. It says nothing about `iv`, by which
 * a sender chooses the first 16 bytes.
 *
 * @throws WeChatError
 */
export async function checkencryptedmsg(
  caller: Caller,
  accessToken: string,
  encryptedData: string,
): Promise<boolean> {
  try {
    return readCheckencryptedmsg(
      (await caller.call(checkencryptedmsgRequest(accessToken, encryptedData))).json,
    )
  } catch (error) {
    if (error instanceof WeChatError && error.errcode === unknownData) return false
    throw error
  }
}
