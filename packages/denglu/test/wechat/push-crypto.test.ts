import { createSecretKey } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { decryptPush, encryptPushReply, isSignature, signPush } from "../../src/wechat/push-crypto.ts"

// The samples of WeChat's pages "消息推送服务器配置" and "消息加解密说明".
const token = "AAAAA"
const appid = "wxba5fad812f8e6fb9"
const aesKey = createSecretKey(`${"A".repeat(43)}=`, "base64")
const encrypted =
  "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
const message =
  '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'

describe("WeChat's samples", () => {
  test("the signature of the plain mode", () => {
    expect(signPush([token, "1714037059", "486452656"])).toBe("899cf89e464efb63f54ddac96b0a0a235f53aa78")
  })

  test("the signature of an encrypted push, and what is in it", () => {
    const parts = [token, "1714112445", "415670741", encrypted]
    expect(signPush(parts)).toBe("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3")
    expect(isSignature("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", parts)).toBe(true)
    expect(decryptPush(aesKey, appid, encrypted)).toBe(message)
  })

  test("an encrypted reply", () => {
    const reply = encryptPushReply({
      push: { token, aesKey },
      appid,
      message: '{"demo_resp":"good luck"}',
      timestamp: 1_713_424_427,
      nonce: "415670741",
      random: () => Buffer.from("707722b803182950"),
    })
    expect(reply).toEqual({
      Encrypt: "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
      MsgSignature: "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
      TimeStamp: 1_713_424_427,
      Nonce: "415670741",
    })
  })
})

const sealed = (text: string, of = appid) =>
  encryptPushReply({
    push: { token, aesKey },
    appid: of,
    message: text,
    timestamp: 1_713_424_427,
    nonce: "1",
    random: count => Buffer.alloc(count, 7),
  }).Encrypt

test("a message of any length comes back, and only for its app", () => {
  for (let length = 0; length < 70; length += 1) {
    const text = "微".repeat(length % 7) + "x".repeat(length)
    expect(decryptPush(aesKey, appid, sealed(text))).toBe(text)
    expect(decryptPush(aesKey, "wxba5fad812f8e6fb8", sealed(text))).toBeUndefined()
  }
  expect(decryptPush(aesKey, appid, sealed(message, `${appid}0`))).toBeUndefined()
  expect(decryptPush(aesKey, appid, sealed(message, appid.slice(1)))).toBeUndefined()
})

test("an altered appid, length or padding is noticed wherever the alteration falls", () => {
  const bytes = Buffer.from(encrypted, "base64")
  // The last two blocks hold appid and padding; CBC garbles a block and flips the same bits of the next.
  for (let index = bytes.length - 48; index < bytes.length; index += 1) {
    for (const flip of [1, 16, 128]) {
      const altered = Buffer.from(bytes)
      altered[index] = (altered[index] as number) ^ flip
      expect(decryptPush(aesKey, appid, altered.toString("base64"))).toBeUndefined()
    }
  }
  for (const cut of [1, 15, 16, 32]) {
    expect(decryptPush(aesKey, appid, bytes.subarray(cut).toString("base64"))).toBeUndefined()
    expect(decryptPush(aesKey, appid, bytes.subarray(0, -cut).toString("base64"))).toBeUndefined()
  }
})

test("whatever is no ciphertext is answered undefined and never throws", () => {
  for (const text of ["", "=", "A", "====", "AAAA", "*", `${encrypted}\n`, "A".repeat(60_000)])
    expect(decryptPush(aesKey, appid, text)).toBeUndefined()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      expect(decryptPush(aesKey, appid, Buffer.from(bytes).toString("base64"))).toBeUndefined()
    }),
    { numRuns: 2_000 },
  )
})

test("a signature is only good as a whole", () => {
  const parts = [token, "1714037059", "486452656"]
  const good = signPush(parts)
  for (const presented of [
    "",
    good.slice(1),
    `${good} `,
    good.toUpperCase(),
    "0".repeat(40),
    `${good}${good}`,
  ])
    expect(isSignature(presented, parts)).toBe(false)
  expect(isSignature(good, ["BAAAA", "1714037059", "486452656"])).toBe(false)
})
