import { afterEach, describe, expect, test } from "vitest"
import type { Answer } from "../support/harness.ts"
import { type PhoneHarness, startPhoneHarness } from "../support/phone-harness.ts"

let harness: PhoneHarness
afterEach(() => harness.close())

async function start(options?: Parameters<typeof startPhoneHarness>[0]) {
  harness = await startPhoneHarness(options)
  return harness
}

const send = (token: string, body: unknown) => harness.send("POST", "/me/phone", { token, body })

describe("encrypted data, the old way", () => {
  const numberData = { phoneNumber: "13800138000", purePhoneNumber: "13800138000", countryCode: "86" }
  const dataOf = (user: string, data: object = numberData) => {
    const { encryptedData, iv } = harness.simulator.encryptData({ user, data })
    return { encrypted_data: encryptedData, iv }
  }
  const refusal = (answer: Answer) => [answer.status, answer.body.code]

  test("is not taken without the option, and WeChat is not asked", async () => {
    const { token } = await start()
    const answer = await send(token, dataOf("alice"))
    expect(refusal(answer)).toEqual([400, "invalid_request"])
    expect(answer.body.errors[0]).toMatchObject({
      pointer: "/encrypted_data",
      detail: expect.stringContaining("legacyPhoneData"),
    })
    expect(harness.asked("checkencryptedmsg")).toBe(0)
  })

  test("is taken with it, once WeChat has said that it is its own", async () => {
    const { token } = await start({ legacyPhoneData: true })
    const answer = await send(token, dataOf("alice"))
    expect([answer.status, answer.body.number]).toEqual([200, "+8613800138000"])
    expect(harness.asked("checkencryptedmsg")).toBe(1)
    expect((await harness.bind(token, harness.phoneCode("alice"))).status).toBe(200)
  })

  test("of somebody else, of no phone, forged or too old is one and the same refusal", async () => {
    const { token } = await start({ legacyPhoneData: true })
    await harness.logIn("bob")
    const good = dataOf("alice")
    const unknown = harness.simulator.encryptData({ user: "alice", data: { openGId: "g" } })
    const turned = Buffer.from(good.encrypted_data, "base64")
    turned[20] = (turned[20] as number) ^ 1
    const otherIv = Buffer.from(good.iv, "base64")
    otherIv[3] = (otherIv[3] as number) ^ 1
    for (const body of [
      dataOf("bob"),
      { encrypted_data: unknown.encryptedData, iv: unknown.iv },
      { ...good, encrypted_data: turned.toString("base64") },
      { ...good, iv: otherIv.toString("base64") },
      dataOf("alice", { ...numberData, purePhoneNumber: undefined }),
    ])
      expect(refusal(await send(token, body))).toEqual([400, "open_data_invalid"])
    harness.advance(301_000)
    expect(refusal(await send(token, good))).toEqual([400, "open_data_invalid"])
    expect(await harness.phoneOf(token)).toBeNull()
  })

  test("that is forged never comes as far as the cipher: it costs none of its tries", async () => {
    const { token } = await start({ legacyPhoneData: true })
    const heard: object[] = []
    harness.login.on("open_data.refused", event => void heard.push(event))
    for (let index = 0; index < 10; index += 1)
      await send(token, {
        encrypted_data: Buffer.alloc(64, index).toString("base64"),
        iv: dataOf("alice").iv,
      })
    expect(heard).toEqual([])
    expect(refusal(await send(token, dataOf("alice")))).toEqual([429, "rate_limited"])
  })
})
