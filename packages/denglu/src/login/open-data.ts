import { DengluError } from "../errors.ts"
import { describeError } from "../log.ts"
import { sessionKeyBinding } from "../session/sealer.ts"
import type { Session } from "../store/store.ts"
import { type Elapsed, failInEvenTime } from "../wechat/even-time.ts"
import { decryptOpenData, readRawData } from "../wechat/open-data.ts"
import type { FlowContext } from "./flows.ts"

/** What `wx.getUserInfo` and its like give a page: `encryptedData` with `iv`, or `rawData` with `signature`. Exactly as received. */
export type SentOpenData =
  | { readonly encryptedData: string; readonly iv: string }
  | { readonly rawData: string; readonly signature: string }

export type ReadOpenData = (
  session: Pick<Session, "id" | "userId" | "appid">,
  sent: SentOpenData,
  requestId: string,
) => Promise<Readonly<Record<string, unknown>>>

/** Takes a try. What it answers gives the try back. @throws DengluError `rate_limited` (also as a rejection) */
export type AdmitTry = (key: string) => (() => void | Promise<void>) | Promise<() => void | Promise<void>>

/**
 * Reads the open data of the person whose session it is: with the current `session_key`, else with the one before.
 *
 * Whatever is wrong is `open_data_invalid`: a key that has changed, a changed bit, another app, another person, data too old, no
 * key at all. `session_key_stale` is never answered here, however much a client would like to know: an answer that tells "wrong
 * key" from "wrong data" is the oracle by which WeChat's unauthenticated cipher gives way (20,000 questions write any text).
 * Whether a key holds is for `checkSessionKey`, which asks WeChat and looks at no data. For a client there is one cure
 * for both: log in again, then ask the person to tap again.
 *
 * Failures are counted by person and app, not by session: the key is the same in all sessions, and a new session costs a
 * `wx.login()`. The try is taken before the data is looked at, and given back if it was good.
 */
export function createOpenData(flow: FlowContext, admit: AdmitTry, elapsed: Elapsed): ReadOpenData {
  const { store, options, clock, events, log } = flow

  return async (session, sent, requestId) => {
    const { id: sessionId, userId, appid } = session
    const openid = (await store.findSession(sessionId))?.openid ?? ""
    const sealed = await store.findSessionKeys(appid, openid)
    const admitted = admit(`${userId} ${appid}`)
    const giveBack = admitted instanceof Promise ? await admitted : admitted
    try {
      const data = failInEvenTime(elapsed, () => {
        const sessionKeys = [sealed?.current, sealed?.previous].map(key => unseal(key, appid, openid) ?? "")
        return "iv" in sent
          ? decryptOpenData({
              ...sent,
              appid,
              openid,
              sessionKeys,
              now: clock(),
              maxAgeMs: options.openDataMaxAge * 1000,
            })
          : readRawData({ ...sent, sessionKeys })
      })
      await settle(giveBack)
      return data
    } catch (error) {
      const code = error instanceof DengluError ? error.code : "internal"
      events.emit("open_data.refused", { sessionId, userId, appid, code, requestId })
      throw error
    }
  }

  function unseal(sealed: string | undefined, appid: string, openid: string): string | undefined {
    if (sealed === undefined) return undefined
    try {
      return flow.sealer.open(sessionKeyBinding(appid, openid), sealed)
    } catch (error) {
      log.error(
        { appid, error: describeError(error) },
        "a session_key can't be opened: is the old secret gone?",
      )
      return undefined
    }
  }

  /** A try that could not be given back counts: no reason to withhold what was read. */
  async function settle(giveBack: () => void | Promise<void>): Promise<void> {
    try {
      await giveBack()
    } catch (error) {
      log.warn({ error: describeError(error) }, "a try of open data could not be given back")
    }
  }
}
