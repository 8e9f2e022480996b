import type { WxBackend } from "@denglu/simulator/wx"
import type { PhoneBackend } from "./stage-server.ts"

/** What a person's phone needs from a simulated WeChat. */
export function personBackend(wechat: Required<Omit<WxBackend, "state">>, user: string): PhoneBackend {
  let keyAtLogin: string | undefined

  /** Differs when the session_key does, and does not give it away. */
  async function keyNow(): Promise<string> {
    return (await wechat.encryptData({ user, data: {} })).signature
  }

  return {
    async issueCode() {
      const code = await wechat.issueCode({ user })
      keyAtLogin = await keyNow()
      return code
    },
    issuePhoneCode: () => wechat.issuePhoneCode({ user }),
    hasPhoneQuota: () => wechat.hasPhoneQuota({ user }),
    checkSession: async () => keyAtLogin !== undefined && keyAtLogin === (await keyNow()),
    encryptData: data => wechat.encryptData({ user, ...(data !== undefined && { data }) }),
  }
}
