import { describe, expect, test } from "vitest"
import { createPhone, createSimulator } from "../../src/index.ts"
import type { WxHost } from "../../src/wx/host.ts"
import type { WxSettings } from "../../src/wx/wx-options.ts"

const start = (host: WxHost = {}, more: WxSettings = {}) => {
  const simulator = createSimulator()
  return { simulator, ...createPhone({ simulator, user: "alice", host, ...more }) }
}

describe("getPhoneNumber", () => {
  test("brings a code that the simulator takes for the person's number", async () => {
    const { simulator, buttons } = start()
    const { code, errMsg } = await buttons.getPhoneNumber()
    expect(errMsg).toBe("getPhoneNumber:ok")
    const [app] = simulator.state().apps
    const query = new URLSearchParams({ grant_type: "client_credential", ...app } as never)
    const ask = async (path: string, init?: RequestInit) =>
      (await simulator.fetch(new Request(`http://127.0.0.1${path}`, init))).json()
    const { access_token } = (await ask(`/cgi-bin/token?${query}`)) as { access_token: string }
    const answer = await ask(`/wxa/business/getuserphonenumber?access_token=${access_token}`, {
      method: "POST",
      body: JSON.stringify({ code }),
    })
    expect(answer).toHaveProperty("phone_info.phoneNumber")
  })

  test("refused by the person has no code", async () => {
    const { buttons } = start({ phoneNumber: async () => false })
    expect(await buttons.getPhoneNumber()).toEqual({ errMsg: "getPhoneNumber:fail user deny" })
  })

  test("without quota says errno 1400001 and tells the person, who is not asked; the page may ask for no notice", async () => {
    const asked: string[] = []
    const { simulator, buttons } = start({
      phoneNumber: () => asked.push("phoneNumber") > 0,
      modal: ({ content }) => {
        asked.push(content)
        return { confirm: true }
      },
    })
    simulator.setPhoneQuota({ left: 1 })
    expect((await buttons.getPhoneNumber()).errMsg).toBe("getPhoneNumber:ok")
    const refusal = { errMsg: "getPhoneNumber:fail no quota", errno: 1_400_001 }
    expect(await buttons.getPhoneNumber()).toEqual(refusal)
    expect(await buttons.getPhoneNumber(false)).toEqual(refusal)
    expect(asked).toEqual(["phoneNumber", "但该功能使用次数已达当前小程序上限，暂时无法使用"])
    simulator.setPhoneQuota({ left: null })
    expect((await buttons.getPhoneNumber()).errMsg).toBe("getPhoneNumber:ok")
  })

  test("denied costs no quota", async () => {
    const { simulator, buttons } = start({ phoneNumber: async () => false })
    simulator.setPhoneQuota({ left: 1 })
    await buttons.getPhoneNumber()
    expect(simulator.hasPhoneQuota({ user: "alice" })).toBe(true)
  })

  test("refused for privacy says so", async () => {
    const { buttons } = start({ privacy: () => false }, { privacy: "needed" })
    expect(await buttons.getPhoneNumber()).toEqual({
      errMsg: "getPhoneNumber:fail privacy permission is not authorized",
      errno: 104,
    })
  })

  test("tells a page that listens which button asked", async () => {
    const { wx, buttons } = start({}, { privacy: "needed" })
    const referrers: string[] = []
    wx.onNeedPrivacyAuthorization((resolve, { referrer }) => {
      referrers.push(referrer)
      resolve({ event: "disagree" })
    })
    await buttons.getPhoneNumber()
    expect(await buttons.chooseAvatar()).toBeUndefined()
    expect(referrers).toEqual(["button.getPhoneNumber", "button.chooseAvatar"])
  })

  test("fails where nothing was given to make codes with", async () => {
    const { buttons } = createPhone({ issueCode: () => "0code" })
    expect(await buttons.getPhoneNumber()).toEqual({
      errMsg: "getPhoneNumber:fail createWx was given neither issuePhoneCode nor simulator",
    })
  })
})

describe("chooseAvatar", () => {
  test("brings a temporary file of what was chosen, which can be uploaded", async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const { buttons, files, wx } = start({ chooseAvatar: () => ({ bytes, type: "image/jpeg" }) })
    const { avatarUrl = "" } = (await buttons.chooseAvatar()) ?? {}
    expect(avatarUrl).toMatch(/^http:\/\/tmp\/.+\.jpg$/)
    expect(files.read(avatarUrl)).toEqual(bytes)
    expect(() => wx.getFileSystemManager().accessSync(avatarUrl)).not.toThrow()
  })

  test("without a host brings a PNG", async () => {
    const { buttons, files } = start()
    const { avatarUrl = "" } = (await buttons.chooseAvatar()) ?? {}
    expect(files.read(avatarUrl)?.slice(1, 4)).toEqual(new TextEncoder().encode("PNG"))
  })

  test("cancelled is no event", async () => {
    expect(await start({ chooseAvatar: () => null }).buttons.chooseAvatar()).toBeUndefined()
  })
})
