import { createCipheriv, randomBytes } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  decryptOpenData,
  type EncryptedOpenData,
  signWithSessionKey,
  verifyRawData,
} from "../../src/wechat/open-data.ts"

// The vectors of WeChat's documentation: "开放数据校验与解密", "用户登录态签名".
const official: EncryptedOpenData = {
  appid: "wx4f4bc4dec97d474b",
  sessionKeys: ["tiihtNczf5v6AKRyjwEUhQ=="],
  iv: "r7BXXKkLb8qrSNn05n0qiA==",
  encryptedData:
    "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==",
  now: 1477314187_000,
}
const openid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"

function encrypt(data: unknown, sessionKey: string) {
  const iv = randomBytes(16)
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(sessionKey, "base64"), iv)
  const encryptedData = cipher.update(JSON.stringify(data), "utf8", "base64") + cipher.final("base64")
  return { encryptedData, iv: iv.toString("base64") }
}

function wrongPair(): readonly string[] {
  return [randomBytes(16).toString("base64"), randomBytes(16).toString("base64")]
}

/** Everything an error shows to whoever catches it. */
function failureOf(given: EncryptedOpenData) {
  try {
    decryptOpenData(given)
    return "opened"
  } catch (error) {
    const { name, message, cause, code } = error as Error & { code: string }
    return { name, message, cause, code, more: JSON.stringify(error) }
  }
}
const theOneFailure = failureOf({ ...official, iv: "" })

test("the official example opens", () => {
  expect(decryptOpenData({ ...official, openid })).toEqual({
    openId: openid,
    nickName: "Band",
    gender: 1,
    language: "zh_CN",
    city: "Guangzhou",
    province: "Guangdong",
    country: "CN",
    avatarUrl: expect.stringMatching(/^http:\/\/wx\.qlogo\.cn\//),
    unionId: "ocMvos6NjeKLIBqg5Mr9QjxrP1FA",
    watermark: { timestamp: 1477314187, appid: "wx4f4bc4dec97d474b" },
  })
})

test("the key before the present one is tried too, in any order", () => {
  const other = randomBytes(16).toString("base64")
  for (const sessionKeys of [
    [other, ...official.sessionKeys],
    [...official.sessionKeys, other],
  ])
    expect(decryptOpenData({ ...official, sessionKeys }).nickName).toBe("Band")
})

test("a form that made spaces of plus signs does no harm", () => {
  const encryptedData = official.encryptedData.replaceAll("+", " ")
  expect(encryptedData).not.toBe(official.encryptedData)
  expect(decryptOpenData({ ...official, encryptedData }).nickName).toBe("Band")
})

describe("every failure is the same one", () => {
  const key = official.sessionKeys[0] ?? ""
  const now = official.now
  const watermark = { timestamp: 1477314187, appid: official.appid }
  const made = (data: unknown, given: Partial<EncryptedOpenData> = {}) => ({
    ...official,
    ...encrypt(data, key),
    ...given,
  })
  test.each<[string, EncryptedOpenData]>([
    ["no key at all", { ...official, sessionKeys: [] }],
    ["another key", { ...official, sessionKeys: [randomBytes(16).toString("base64")] }],
    ["a key of another length", { ...official, sessionKeys: ["AAAA"] }],
    ["an iv of another length", { ...official, iv: "AAAA" }],
    ["data that is not base64", { ...official, encryptedData: "!!!" }],
    ["data that is cut off", { ...official, encryptedData: official.encryptedData.slice(0, -8) }],
    ["data that lacks a block", { ...official, encryptedData: official.encryptedData.slice(0, 64) }],
    ["far too much data", { ...official, encryptedData: "A".repeat(16_388) }],
    ["another app's data", { ...official, appid: "wx0000000000000000" }],
    ["data that is too old", { ...official, now: now + 300_001 }],
    ["data from the future", { ...official, now: now - 60_001 }],
    ["another person's data", { ...official, openid: "oSomebodyElse" }],
    ["no watermark", made({ openId: openid })],
    ["a watermark without time", made({ watermark: { appid: official.appid } })],
    [
      "a watermark with a time that is a text",
      made({ watermark: { ...watermark, timestamp: "1477314187" } }),
    ],
    ["a list", made([watermark])],
    ["a text", made("watermark")],
    ["null", made(null)],
  ])("%s", (_name, given) => {
    expect(failureOf(given)).toEqual(theOneFailure)
  })

  test("what it is", () => {
    expect(theOneFailure).toMatchObject({ code: "open_data_invalid", cause: undefined })
  })

  const wrongKeys = process.env.DENGLU_CAMPAIGN === "1" ? 1_000_000 : 50_000

  test(`${wrongKeys} wrong keys, of which some leave a valid padding by chance`, { timeout: 600_000 }, () => {
    for (let round = 0; round < wrongKeys; round += 2)
      expect(failureOf({ ...official, sessionKeys: wrongPair() })).toEqual(theOneFailure)
  })

  test("a bit of the iv that was turned to change the openid", () => {
    const iv = Buffer.from(official.iv, "base64")
    // The first block is {"openId":"oGZUI — so byte 11 of the iv turns the first letter of the openid.
    iv[11] = (iv[11] as number) ^ ("o".charCodeAt(0) ^ "x".charCodeAt(0))
    const forged = { ...official, iv: iv.toString("base64") }
    expect(decryptOpenData(forged).openId).toBe(`x${openid.slice(1)}`)
    expect(failureOf({ ...forged, openid })).toEqual(theOneFailure)
  })

  test("every bit of the last block turned, so that every padding comes by", () => {
    const data = Buffer.from(official.encryptedData, "base64")
    for (let bit = 0; bit < 256; bit += 1) {
      const turned = Buffer.from(data)
      const at = data.length - 32 + (bit >> 3)
      turned[at] = (turned[at] as number) ^ (1 << (bit & 7))
      expect(failureOf({ ...official, encryptedData: turned.toString("base64") })).toEqual(theOneFailure)
    }
  })

  test.each<[string, string]>([
    ["a padding longer than a block", "\x11".repeat(17)],
    ["no padding, but JSON and spaces up to the end of a block", " ".repeat(16)],
    ["a padding of zeros", "\0".repeat(16)],
  ])("%s", (_name, end) => {
    const json = JSON.stringify({ nickName: "", watermark })
    const text = json.replace('""', `"${"x".repeat((32 - (json.length % 16)) % 16)}"`) + end
    const iv = randomBytes(16)
    const cipher = createCipheriv("aes-128-cbc", Buffer.from(key, "base64"), iv).setAutoPadding(false)
    const whole = text.slice(0, text.length - (text.length % 16))
    const encryptedData = cipher.update(whole, "latin1", "base64") + cipher.final("base64")
    expect(failureOf({ ...official, encryptedData, iv: iv.toString("base64") })).toEqual(theOneFailure)
  })

  test.each<[string, object]>([
    ["without the rest", { phoneNumber: "13800138000" }],
    [
      "that differs from itself",
      { phoneNumber: "13800138000", purePhoneNumber: "13900139000", countryCode: "86" },
    ],
    ["that is a text", { phoneNumber: "x13800138000", purePhoneNumber: "13800138000", countryCode: "86" }],
    ["of no country", { phoneNumber: "13800138000", purePhoneNumber: "13800138000" }],
  ])("a phone number %s", (_name, data) => {
    expect(failureOf(made({ ...data, watermark }))).toEqual(theOneFailure)
  })

  test("whatever is sent", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(fc.string()), (encryptedData, iv, sessionKeys) => {
        expect(failureOf({ ...official, encryptedData, iv, sessionKeys })).toEqual(theOneFailure)
      }),
    )
  })
})

test("a phone number from abroad opens, its country a text or a number", () => {
  const key = official.sessionKeys[0] ?? ""
  for (const countryCode of ["852", 852]) {
    const phone = { phoneNumber: "+85265123456", purePhoneNumber: "65123456", countryCode }
    const watermark = { timestamp: 1477314187, appid: official.appid }
    const opened = decryptOpenData({ ...official, ...encrypt({ ...phone, watermark }, key) })
    expect(opened).toEqual({ ...phone, watermark })
  }
})

test("whatever object WeChat encrypts comes out as it went in", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), data => {
      const key = randomBytes(16).toString("base64")
      const { __proto__: _, openId: __, ...plain } = data
      const watermark = { timestamp: 1477314187, appid: official.appid }
      const opened = decryptOpenData({
        ...official,
        sessionKeys: [key],
        ...encrypt({ ...plain, watermark }, key),
      })
      expect(JSON.parse(JSON.stringify(opened))).toEqual(JSON.parse(JSON.stringify({ ...plain, watermark })))
    }),
  )
})

describe("signatures", () => {
  const rawData =
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}'
  const signature = "75e81ceda165f4ffa64f4068af58c64b8f54b88c"
  const sessionKeys = ["HyVFkGl5F5OQWJZZaNzBBg=="]

  test("the official example of raw data verifies, in either case, and under the key before", () => {
    expect(verifyRawData({ rawData, signature, sessionKeys })).toBe(true)
    expect(verifyRawData({ rawData, signature: signature.toUpperCase(), sessionKeys })).toBe(true)
    expect(verifyRawData({ rawData, signature, sessionKeys: ["x", ...sessionKeys] })).toBe(true)
  })

  test("anything else does not", () => {
    for (const wrong of [
      { rawData: `${rawData} ` },
      { signature: `${signature.slice(0, -1)}d` },
      { signature: "" },
      { signature: `${signature}00` },
      { sessionKeys: ["tiihtNczf5v6AKRyjwEUhQ=="] },
      { sessionKeys: [] },
    ])
      expect(verifyRawData({ rawData, signature, sessionKeys, ...wrong })).toBe(false)
  })

  test("the official HMAC examples, under the text of the key", () => {
    const key = "o0q0otL8aEzpcZL/FT9WsQ=="
    expect(signWithSessionKey(key, '{"foo":"bar"}')).toBe(
      "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b",
    )
    expect(signWithSessionKey(key, "")).toBe(
      "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128",
    )
  })
})
