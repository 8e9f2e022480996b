import type { Simulator } from "@denglu/simulator"
import type { PhoneBackend } from "@denglu/stage"
import type { Message, Text } from "../protocol.ts"
import type { Arms } from "./arms.ts"
import type { Recording } from "./recording.ts"
import { spoilNotes } from "./spoil-notes.ts"

export interface PhoneParts {
  readonly recording: Recording
  readonly simulator: Simulator
  readonly appid: string
  /** Who holds the phone. */
  readonly person: () => string
  readonly arms: Arms
}

/** An answer of the phone's WeChat, as it is told. */
interface Told {
  readonly line: string
  readonly title: Text
  readonly note?: Text
  readonly ok: boolean
  readonly values: Readonly<Record<string, string>>
}

/** Longer than a code lives. */
const codeLifeMs = 301_000

/** What the phone asks WeChat, with each question and answer told. */
export function createPhoneBackend(parts: PhoneParts): PhoneBackend {
  const { recording, simulator, appid } = parts
  const { feed, fields, masker } = recording
  /** By person: what tells the session_key of the phone's last login from others. */
  const keys = new Map<string, string>()

  /** Differs when the session_key does, and does not give it away. */
  function keyMark(user: string): string {
    return simulator.encryptData({ appid, user, data: {} }).signature
  }

  function tell(line: string, step: Message["step"], title: Text, note: Text | null): (told: Told) => void {
    const exchange = feed.nextExchange()
    const common = { exchange, step, headers: [], token: null, rows: [] } as const
    const { at } = feed.add({
      ...common,
      from: "miniprogram",
      to: "wechat",
      kind: "request",
      line,
      title,
      note,
      ok: null,
      durationMs: null,
      body: [],
    })
    return ({ values, ...told }) => {
      feed.add({
        ...common,
        from: "wechat",
        to: "miniprogram",
        kind: "reply",
        durationMs: Date.now() - at,
        body: fields.plain(values),
        ...told,
        note: told.note ?? null,
      })
    }
  }

  return {
    issueCode() {
      const user = parts.person()
      const answered = tell("wx.login()", 1, askCode.title, askCode.note)
      const code = simulator.issueCode({ appid, user })
      masker.learn(code)
      keys.set(user, keyMark(user))
      const note = spoil(parts, code)
      answered({
        line: "login:ok",
        title: { en: "WeChat gives a code", zh: "微信返回 code" },
        ...(note === undefined ? {} : { note }),
        ok: true,
        values: { code },
      })
      return code
    },
    issuePhoneCode() {
      const answered = tell("getPhoneNumber", null, askPhoneCode.title, askPhoneCode.note)
      const code = simulator.issuePhoneCode({ appid, user: parts.person() })
      masker.learn(code)
      const title = { en: "WeChat gives a code for the number", zh: "微信返回手机号 code" }
      answered({ line: "getPhoneNumber:ok", title, ok: true, values: { code } })
      return code
    },
    hasPhoneQuota: () => simulator.hasPhoneQuota({ appid, user: parts.person() }),
    checkSession() {
      const user = parts.person()
      const answered = tell("wx.checkSession()", 9, askSession.title, askSession.note)
      const ok = keys.get(user) === keyMark(user)
      const title = ok
        ? { en: "The session_key still holds", zh: "session_key 仍有效" }
        : { en: "The session_key is out of date", zh: "session_key 已失效" }
      answered({ line: ok ? "checkSession:ok" : "checkSession:fail", title, ok, values: {} })
      return ok
    },
    encryptData(profile) {
      const api = profile === undefined ? "getUserInfo" : "getUserProfile"
      const answered = tell(`wx.${api}()`, 9, askData.title, askData.note)
      const user = parts.person()
      const data = simulator.encryptData({ appid, user, ...(profile === undefined ? {} : { data: profile }) })
      const title = { en: "WeChat encrypts with the session_key", zh: "微信用 session_key 加密数据" }
      answered({ line: `${api}:ok`, title, ok: true, values: { ...data } })
      return data
    },
  }
}

/** Spoils the code, if that is switched on; one way at a time. */
function spoil({ arms, simulator, appid }: PhoneParts, code: string): Text | undefined {
  if (arms.take("code-used")) {
    redeem(simulator, appid, code)
    return spoilNotes["code-used"]
  }
  if (arms.take("code-expired")) {
    simulator.clock.advance(codeLifeMs)
    return spoilNotes["code-expired"]
  }
  return undefined
}

/** Uses up a code, as somebody who is quicker would. */
function redeem(simulator: Simulator, appid: string, code: string): void {
  const secret = simulator.state().apps.find(app => app.appid === appid)?.secret ?? ""
  const query = new URLSearchParams({ appid, secret, js_code: code, grant_type: "authorization_code" })
  const url = new URL(`http://127.0.0.1/sns/jscode2session?${query}`)
  simulator.answer({ method: "GET", url, body: "", origin: null })
}

const askCode = {
  title: { en: "The mini program asks WeChat for a code", zh: "小程序向微信获取 code" },
  note: {
    en: "No tap is needed and nothing of the person is shown to the mini program.",
    zh: "无需用户点击，小程序也得不到任何用户信息。",
  },
}
const askPhoneCode = {
  title: { en: "The person shares a phone number", zh: "用户授权手机号" },
  note: {
    en: "Takes a tap. The code is of another kind than that of wx.login().",
    zh: "需要用户点击。这个 code 与 wx.login() 的 code 不同。",
  },
}
const askSession = {
  title: { en: "Does WeChat's session_key still hold?", zh: "微信的 session_key 是否仍有效？" },
  note: {
    en: "Asked before something that needs the session_key. It says nothing about the login at your server.",
    zh: "在需要 session_key 的操作之前检查。它与你服务器的登录态无关。",
  },
}
const askData = {
  title: { en: "The mini program asks for data of the person", zh: "小程序请求用户数据" },
  note: {
    en: "Only the server can read the answer: it alone has the session_key.",
    zh: "只有服务器能读取结果，因为只有它持有 session_key。",
  },
}
