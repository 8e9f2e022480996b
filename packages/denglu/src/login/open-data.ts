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
  const { store, options, clock, random, events, log, sealer } = flow
  const nothing = sealer.seal("nothing", "")

  return async (session, sent, requestId) => {
    const begin = elapsed()
    const { id: sessionId, userId, appid } = session
    const openid = (await store.findSession(sessionId))?.openid ?? ""
    const sealed = await store.findSessionKeys(appid, openid)
    // Says who asks, and nothing of what was sent: an identity that never had a key, as a website's.
    if (sealed === undefined && openid !== "" && (await store.findIdentity(appid, openid)) !== undefined)
      throw new DengluError("session_key_missing")
    const admitted = admit(`${userId} ${appid}`)
    const giveBack = admitted instanceof Promise ? await admitted : admitted
    try {
      const data = failInEvenTime({ elapsed, random }, begin, () =>
        read(sent, session, openid, [sealed?.current, sealed?.previous]),
      )
      await settle(giveBack)
      return data
    } catch (error) {
      const code = error instanceof DengluError ? error.code : "internal"
      events.emit("open_data.refused", { sessionId, userId, appid, code, requestId })
      throw error
    }
  }

  function read(
    sent: SentOpenData,
    { appid }: Pick<Session, "appid">,
    openid: string,
    sealed: readonly (string | undefined)[],
  ): Readonly<Record<string, unknown>> {
    const sessionKeys = [unseal(sealed[0], appid, openid), unseal(sealed[1], appid, openid)]
    if (!("iv" in sent)) return readRawData({ ...sent, sessionKeys })
    const maxAgeMs = options.openDataMaxAge * 1000
    return decryptOpenData({ ...sent, appid, openid, sessionKeys, now: clock(), maxAgeMs })
  }

  /** Empty for a key that is not there, after as much work as for one that is. */
  function unseal(sealed: string | undefined, appid: string, openid: string): string {
    const binding = sessionKeyBinding(appid, openid)
    try {
      return sealed === undefined ? sealer.open("nothing", nothing) : sealer.open(binding, sealed)
    } catch (error) {
      log.error(
        { appid, error: describeError(error) },
        "a session_key can't be opened: is its secret gone from the list?",
      )
      return ""
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
