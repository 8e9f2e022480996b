import { DengluError } from "../errors.ts"
import { type NormalPhone, normalPhone } from "../user/phone-number.ts"
import { checkencryptedmsg } from "../wechat/endpoints/checkencryptedmsg.ts"
import { askWeChat } from "./ask-wechat.ts"
import type { AdmitCode, PhoneSession } from "./bind-phone.ts"
import type { FlowContext } from "./flows.ts"
import type { ReadOpenData } from "./open-data.ts"

/** What the button gives phones with a base library older than 2.21.2. */
export interface SentPhoneData {
  readonly encryptedData: string
  readonly iv: string
}

/** The number in encrypted data. @throws DengluError `open_data_invalid`, `rate_limited`, `wechat_…`; `invalid_request` where it is not allowed */
export type ReadLegacyPhone = (
  session: PhoneSession,
  sent: SentPhoneData,
  requestId: string,
) => Promise<NormalPhone>

/**
 * The old way to a phone number, for `legacyPhoneData` only: WeChat's cipher has no MAC, and who may ask often enough can write any number.
 *
 * So WeChat is asked first whether it has made this very text, and only then is it opened: a forgery never comes as far as the cipher. It
 * was made for this person if it opens with their key. What a sender can still choose, by `iv`, are the first 16 bytes,
 * which are exactly `{"phoneNumber":"`; the number is taken from behind them.
 */
export function createLegacyPhone(
  flow: FlowContext,
  openData: ReadOpenData,
  admit: AdmitCode,
): ReadLegacyPhone {
  return async (session, sent, requestId) => {
    if (!flow.options.legacyPhoneData)
      throw new DengluError("invalid_request", {
        pointer: "/encrypted_data",
        message: "send code; encrypted_data is taken only where the option legacyPhoneData is on",
      })
    const { appid, userId } = session
    await admit(userId)
    // A form encoding turns "+" into a space.
    const encryptedData = sent.encryptedData.replaceAll(" ", "+")
    const { isWeChats } = await askWeChat(flow, { endpoint: "checkencryptedmsg", appid, requestId }, () =>
      flow.appToken(appid).withToken(async token => ({
        isWeChats: await checkencryptedmsg(flow.wechat, token, encryptedData),
      })),
    )
    if (!isWeChats) throw new DengluError("open_data_invalid")
    const { purePhoneNumber, countryCode } = await openData(
      session,
      { encryptedData, iv: sent.iv },
      requestId,
    )
    const number =
      typeof purePhoneNumber === "string" && /^\d{4,20}$/.test(purePhoneNumber)
        ? await normalPhone(String(countryCode), purePhoneNumber)
        : undefined
    if (number === undefined) throw new DengluError("open_data_invalid")
    return number
  }
}
