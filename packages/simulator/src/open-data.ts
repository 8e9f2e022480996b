import { createCipheriv, createHash } from "node:crypto"
import { newIv } from "./identifiers.ts"
import type { Membership } from "./world.ts"

/** What `wx.getUserInfo` and its like give a page. */
export interface OpenData {
  readonly encryptedData: string
  readonly iv: string
  readonly rawData: string
  /** sha1 of `rawData` and the base64 text of the `session_key`, in hexadecimal. */
  readonly signature: string
}

const anonymous = {
  nickName: "微信用户",
  gender: 0,
  language: "zh_CN",
  city: "",
  province: "",
  country: "",
  avatarUrl:
    "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132",
}

/** Encrypts data with the person's present `session_key`: AES-128-CBC, PKCS#7, the watermark last. */
export function encryptOpenData(member: Membership, now: number, data?: object): OpenData {
  const { app, openid, unionid, sessionKey } = member
  const rawData = JSON.stringify(data ?? anonymous)
  const plain = {
    ...(data === undefined ? { openId: openid } : {}),
    ...(data ?? anonymous),
    ...(data === undefined && unionid !== undefined ? { unionId: unionid } : {}),
    watermark: { timestamp: Math.floor(now / 1000), appid: app.appid },
  }
  const iv = newIv()
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(sessionKey, "base64"), iv)
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(plain), "utf8"), cipher.final()])
  return {
    encryptedData: encrypted.toString("base64"),
    iv: iv.toString("base64"),
    rawData,
    signature: createHash("sha1")
      .update(rawData + sessionKey)
      .digest("hex"),
  }
}
