import type { WxBackend } from "@denglu/simulator/wx"
import type { PhoneBackend } from "./stage-server.ts"

/** What a person's phone needs from a simulated WeChat. @param appid of the mini program; default is WeChat's only app */
export function personBackend(
  wechat: Required<Omit<WxBackend, "state">>,
  user: string,
  appid?: string,
): PhoneBackend {
  const person = { user, ...(appid !== undefined && { appid }) }
  let keyAtLogin: string | undefined

  /** Differs when the session_key does, and does not give it away. */
  async function keyNow(): Promise<string> {
    return (await wechat.encryptData({ ...person, data: {} })).signature
  }

  return {
    async issueCode() {
      const code = await wechat.issueCode(person)
      keyAtLogin = await keyNow()
      return code
    },
    issuePhoneCode: () => wechat.issuePhoneCode(person),
    hasPhoneQuota: () => wechat.hasPhoneQuota(person),
    checkSession: async () => keyAtLogin !== undefined && keyAtLogin === (await keyNow()),
    encryptData: data => wechat.encryptData({ ...person, ...(data !== undefined && { data }) }),
  }
}
