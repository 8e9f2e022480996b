import type { Text } from "../protocol.ts"

/** What the fields of an access token are for. */
export const claims: Readonly<Record<string, Text>> = {
  alg: { en: "how it is signed", zh: "签名算法" },
  typ: { en: "an access token (RFC 9068)", zh: "类型：访问令牌（RFC 9068）" },
  kid: { en: "which key signed it", zh: "用哪把密钥签的" },
  iss: { en: "who issued it", zh: "谁签发的" },
  aud: { en: "whom it is for", zh: "给谁用的" },
  sub: { en: "the user's id", zh: "用户 id" },
  client_id: { en: "the mini program's appid", zh: "小程序的 appid" },
  appid: { en: "the mini program's appid", zh: "小程序的 appid" },
  sid: { en: "the session it belongs to", zh: "所属会话" },
  openid: { en: "the person, in this mini program", zh: "此人在本小程序里的身份" },
  iat: { en: "issued at", zh: "签发时间" },
  exp: { en: "expires at", zh: "过期时间" },
  jti: { en: "its own number", zh: "令牌编号" },
}
