import type { Caller, WeChatRequest } from "../caller.ts"
import { badReply } from "../wechat-error.ts"
import { type PersonKey, personKeyQuery } from "./checksession.ts"

/** A key that WeChat has given to a person's phone too: `wx.getUserCryptoManager().getLatestUserKey()` answers the newest. */
export interface UserKey {
  /** Base64; 16 bytes in all samples. */
  readonly encryptKey: string
  /** A text; 16 characters in all samples. */
  readonly iv: string
  /** By this the phone says which key it has used. */
  readonly version: number
  /** Seconds it is still good for, of 3,600; 0: it is over. */
  readonly expiresIn: number
  /** Seconds since 1970. */
  readonly createdAt: number
}

const endpoint = "getuserencryptkey"

/**
 * `GET /wxa/business/getuserencryptkey`, as WeChat's newer page has it (the older one says POST). The signed message is empty either
 * way. It changes nothing, so it may be repeated.
 */
function getuserencryptkeyRequest(accessToken: string, key: PersonKey): WeChatRequest {
  return {
    endpoint,
    method: "GET",
    path: "/wxa/business/getuserencryptkey",
    query: personKeyQuery(accessToken, key),
    retry: "busy",
  }
}

/** Reads a successful answer: at most three keys, the newest first. @throws WeChatError `bad_reply` */
export function readGetuserencryptkey(
  json: Readonly<Record<string, unknown>> | undefined,
): readonly UserKey[] {
  const list = json?.key_info_list
  if (!Array.isArray(list) || list.length > 16) throw badReply(endpoint, "the answer has no list of keys")
  return list.map(readKey).sort((one, other) => other.version - one.version)
}

function readKey(value: unknown): UserKey {
  const {
    encrypt_key: encryptKey,
    iv,
    version,
    expire_in: expiresIn,
    create_time: createdAt,
  } = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  if (!isText(encryptKey) || !isText(iv)) throw badReply(endpoint, "the answer has a key without key or iv")
  if (!isWhole(version) || !isWhole(expiresIn) || !isWhole(createdAt))
    throw badReply(endpoint, "the answer has a key without version or time")
  return { encryptKey, iv, version, expiresIn, createdAt }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 128
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
}

/** Asks for the latest keys of a person. @throws WeChatError */
export async function getuserencryptkey(
  caller: Caller,
  accessToken: string,
  key: PersonKey,
): Promise<readonly UserKey[]> {
  const { json } = await caller.call(getuserencryptkeyRequest(accessToken, key))
  return readGetuserencryptkey(json)
}
