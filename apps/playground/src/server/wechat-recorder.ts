import { STATUS_CODES } from "node:http"
import type { Field, Message } from "../protocol.ts"
import type { LoginRegister } from "./login-register.ts"
import { joinNotes, type Recording, titleOf } from "./recording.ts"
import type { WeChatExchange } from "./wechat-exchange.ts"
import { errcodeNote, failureTitle, type WeChatWords, weChatWords } from "./wechat-words.ts"

const brokenOff = {
  reset: { en: "The connection broke before a reply.", zh: "连接在响应前中断。" },
  truncated: { en: "The connection broke in the middle of the reply.", zh: "连接在响应途中断开。" },
} as const

/** Fields of a reply that must be remembered, wherever they turn up later. */
const remembered = ["session_key", "openid", "unionid", "access_token"] as const

/** Tells of what the login server asked WeChat. */
export function createWeChatRecorder(
  recording: Recording,
  logins: LoginRegister,
): (exchange: WeChatExchange) => void {
  const { feed, fields, masker } = recording

  return exchanged => {
    const { method, url, body, reply, startedAt, endedAt } = exchanged
    const code = url.searchParams.get("js_code")
    const login = code === null ? undefined : logins.find(code)
    if (login !== undefined) login.asked += 1
    const device = code === null ? "phone" : (login?.device ?? "elsewhere")
    const words = weChatWords(url.pathname)
    const json = typeof reply === "string" ? {} : jsonObject(reply.body)
    learn(url, json)
    const { scene } = jsonObject(body)
    if (typeof scene === "string") masker.learn(scene)

    const exchange = feed.nextExchange()
    // The pretend WeChat's clock can be moved; only how long it took is taken from it.
    const durationMs = Math.max(0, endedAt - startedAt)
    const now = Date.now()
    const stepOf = (step: Message["step"]) => (device === "phone" ? step : null)
    feed.add({
      at: now - durationMs,
      exchange,
      step: stepOf(words.step.request),
      from: "server",
      to: "wechat",
      kind: "request",
      line: `${method} ${masker.scrub(url.pathname)}`,
      title: titleOf(device, words.request.title),
      note: words.request.note,
      ok: null,
      durationMs: null,
      headers: [],
      body: [...fields.query(url.searchParams), ...fields.body("application/json", body)],
      token: null,
      rows: [],
    })
    const told = typeof reply === "string" ? broken(reply) : answered(words, reply, json, login?.asked ?? 1)
    feed.add({
      at: now,
      exchange,
      step: stepOf(words.step.reply),
      from: "wechat",
      to: "server",
      durationMs,
      token: null,
      rows: [],
      ...told,
      title: titleOf(device, told.title),
    })
  }

  function learn(url: URL, json: Readonly<Record<string, unknown>>): void {
    const secrets = [
      url.searchParams.get("secret"),
      url.searchParams.get("js_code"),
      url.searchParams.get("access_token"),
      ...remembered.map(name => json[name]),
    ]
    for (const secret of secrets) if (typeof secret === "string") masker.learn(secret)
  }

  function answered(
    words: WeChatWords,
    { status, contentType, body }: Exclude<WeChatExchange["reply"], string>,
    json: Readonly<Record<string, unknown>>,
    asked: number,
  ) {
    const ok = status < 400 && (json.errcode === undefined || json.errcode === 0)
    return {
      kind: "reply",
      line: `${status} ${STATUS_CODES[status] ?? ""}`.trim(),
      title: ok ? words.success.title : failureTitle(words, json.errcode),
      note: ok ? words.success.note : joinNotes(errcodeNote(json.errcode, asked)),
      ok,
      headers: fields.headers({ "content-type": contentType }),
      body: fields.body(contentType, body),
    } as const
  }
}

function broken(reply: "reset" | "truncated") {
  return {
    kind: "lost",
    line: reply === "reset" ? "no reply" : "half a reply",
    title: { en: "WeChat's reply does not arrive", zh: "未收到微信的响应" },
    note: brokenOff[reply],
    ok: false,
    headers: [] as readonly Field[],
    body: [] as readonly Field[],
  } as const
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
