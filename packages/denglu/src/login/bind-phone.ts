import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import type { Phone } from "../store/phone-store.ts"
import type { Session } from "../store/store.ts"
import { maskedPhone, type NormalPhone, normalPhone } from "../user/phone-number.ts"
import { codeKind, isCode } from "../wechat/code-kinds.ts"
import { getuserphonenumber } from "../wechat/endpoints/getuserphonenumber.ts"
import { badReply, WeChatError } from "../wechat/wechat-error.ts"
import { askWeChat } from "./ask-wechat.ts"
import type { FlowContext } from "./flows.ts"
import { createLegacyPhone, type SentPhoneData } from "./legacy-phone.ts"
import type { ReadOpenData } from "./open-data.ts"
import { tellBound } from "./tell-bound.ts"

/** What `<button open-type="getPhoneNumber">` gave a page. */
export type SentPhone = { readonly code: string } | SentPhoneData

/** Whose number it is to be: the session that sends it. */
export type PhoneSession = Pick<Session, "id" | "userId" | "appid">

/**
 * Makes the number behind a code the user's.
 *
 * @throws DengluError `phone_code_invalid`, `phone_taken`, `rate_limited`, `session_revoked`, `wechat_…`, `app_misconfigured`,
 *   `store_unavailable`; for `encryptedData` `open_data_invalid`, and `invalid_request` where it is not allowed
 */
export type BindPhone = (session: PhoneSession, sent: SentPhone, requestId: string) => Promise<Phone>

/** Takes one of the user's codes of this hour. @throws DengluError `rate_limited` (also as a rejection) */
export type AdmitCode = (userId: string) => unknown

/** How long (ms) a code sent again gets the same answer: as long as it lives. */
const codeLife = 300_000
/** How old (ms) an answer may look: clocks differ, and what is older was not made for this code. */
const oldestAnswer = 86_400_000
/** Numbers that are remembered at most. Beyond it the one that came first is forgotten. */
const mostAnswers = 10_000

/**
 * The phone flow. A code is good once and its number has cost money, so nothing of it may get lost on our side: who sends a code twice at once
 * asks WeChat once; a code that was bound is known by its row, on every instance; and what WeChat has answered is remembered here until it is
 * bound, in case the database is away meanwhile.
 *
 * A number never says who somebody is. It is not checked by WeChat in real time, and numbers are given to other people after some months: so one
 * that belongs to another user is `phone_taken`, and nobody is moved.
 */
export function createBindPhone(flow: FlowContext, openData: ReadOpenData, admit: AdmitCode): BindPhone {
  const { store, clock, random, events, sealer } = flow
  const readLegacy = createLegacyPhone(flow, openData, admit)
  const underWay = new Map<string, Promise<Phone>>()
  const answers = new Map<string, { readonly number: NormalPhone; readonly until: number }>()

  async function bind(
    session: PhoneSession,
    sent: SentPhone,
    requestId: string,
    proof: string,
  ): Promise<Phone> {
    const { userId, appid } = session
    const had = await store.findPhone(userId)
    if (had?.proof === proof && clock() - had.verifiedAt < codeLife) return had
    const number = recall(proof) ?? remember(proof, await read(session, sent, requestId))
    const phone = { ...number, appid, verifiedAt: clock(), smsVerifiedAt: null, proof }
    const sessionId = session.id
    const outcome = await store.bindPhone({ userId, sessionId, eventId: newId(random), ...phone })
    if (outcome.kind === "gone") throw new DengluError("session_revoked")
    if (outcome.kind === "taken") throw new DengluError("phone_taken")
    answers.delete(proof)
    tellBound(flow, { userId, appid, phone: maskedPhone(phone), outcome, requestId }, phone.verifiedAt)
    return phone
  }

  function recall(proof: string): NormalPhone | undefined {
    const answer = answers.get(proof)
    return answer !== undefined && clock() < answer.until ? answer.number : undefined
  }

  function remember(proof: string, number: NormalPhone): NormalPhone {
    answers.set(proof, { number, until: clock() + codeLife })
    if (answers.size > mostAnswers) answers.delete(answers.keys().next().value as string)
    return number
  }

  function read(session: PhoneSession, sent: SentPhone, requestId: string): Promise<NormalPhone> {
    return "code" in sent ? redeem(session, sent.code, requestId) : readLegacy(session, sent, requestId)
  }

  async function redeem(session: PhoneSession, code: string, requestId: string): Promise<NormalPhone> {
    const { appid, userId } = session
    if (!isCode(code)) throw new DengluError("phone_code_invalid", { pointer: "/code" })
    const openid = (await store.findSession(session.id))?.openid
    if (openid === undefined || openid === null)
      throw new DengluError("phone_code_invalid", {
        pointer: "/code",
        message: "this session has no openid, which a phone code is checked against",
      })
    await admit(userId)
    const answer = await askWeChat(flow, { endpoint: "getuserphonenumber", appid, requestId }, () =>
      flow
        .appToken(appid)
        .withToken(token => getuserphonenumber(flow.wechat, token, appid, { code, openid })),
    ).catch((error: unknown) => {
      throw nameKind(error, code)
    })
    if (Math.abs(clock() - answer.timestamp * 1000) > oldestAnswer) {
      const detail = "the answer is not of now: is this server's clock right?"
      flow.log.warn({ appid, requestId }, `getuserphonenumber: ${detail}`)
      throw badReply("getuserphonenumber", detail)
    }
    const number = await normalPhone(answer.countryCode, answer.purePhoneNumber)
    if (number === undefined) throw badReply("getuserphonenumber", "the answer's number can't be one")
    return number
  }

  return async (session, sent, requestId) => {
    const { userId, appid } = session
    const what = "code" in sent ? sent.code : sent.encryptedData
    const proof = sealer.fingerprint(JSON.stringify(["phone", userId, appid, what]))
    let work = underWay.get(proof)
    if (work === undefined) {
      work = bind(session, sent, requestId, proof).finally(() => underWay.delete(proof))
      underWay.set(proof, work)
    }
    try {
      return await work
    } catch (error) {
      const code = error instanceof DengluError ? error.code : "internal"
      events.emit("phone.refused", { userId, appid, code, requestId })
      throw error
    }
  }
}

/** Who has sent the code of `wx.login()` hears so. */
function nameKind(error: unknown, code: string): unknown {
  const isRefusal = error instanceof WeChatError && error.code === "phone_code_invalid"
  if (!isRefusal || codeKind(code) !== "login") return error
  const message = "this looks like a code of wx.login(), which goes to POST /login"
  return new DengluError("phone_code_invalid", { pointer: "/code", message, cause: error })
}
