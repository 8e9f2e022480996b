import { createHash } from "node:crypto"
import { DengluError } from "../errors.ts"
import type { PushMessage } from "../events.ts"
import type { SettledPush } from "../push-options.ts"
import { decryptPush, isSignature } from "./push-crypto.ts"
import { type PushFields, readEncrypted, readPushFields } from "./push-fields.ts"

/** A push, and a digest that is the same each time it is sent. */
export interface OpenedPush {
  readonly message: PushMessage
  readonly digest: string
}

export interface PushRequest {
  readonly push: SettledPush
  /** Whom it is about. */
  readonly appid: string
  /** For whom it was encrypted. Default is the app: what a mini program's platform gets about it is encrypted for the platform. */
  readonly receiver?: string
  readonly query: URLSearchParams
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Answers WeChat's check of the URL: what it wants to hear, if it is WeChat.
 *
 * @throws DengluError `push_refused`
 */
export function answerUrlCheck({ push, query, now }: PushRequest): string {
  const { timestamp, nonce } = readQuery(query)
  if (!isSignature(query.get("signature") ?? "", [push.token, timestamp, nonce])) refuse("signature")
  checkAge(timestamp, push, now)
  const echo = query.get("echostr") ?? ""
  return /^[\w.~+/=-]{1,512}$/.test(echo) ? echo : refuse("echostr")
}

/**
 * Opens a push: checks its signature and its age, decrypts and reads it. Whatever is wrong, the error is the same; only its message, which is
 * for the log, tells.
 *
 * @throws DengluError `push_refused`
 */
export async function openPush(request: PushRequest, body: string): Promise<OpenedPush> {
  const { appid } = request
  const fields = await openPushFields(request, body)
  const message = readMessage(appid, fields)
  return message === undefined ? refuse("message") : { message, digest: digestOf(appid, fields) }
}

/** What stands in a push, after its signature and its age were checked. @throws DengluError `push_refused` */
export async function openPushFields(request: PushRequest, body: string): Promise<PushFields> {
  const { push, appid, receiver = appid, query, now } = request
  const { timestamp, nonce } = readQuery(query)
  const text = push.mode === "safe" ? openSafe() : openPlain()
  checkAge(timestamp, push, now)
  return (await readPushFields(text)) ?? refuse("message")

  function openPlain(): string {
    if (!isSignature(query.get("signature") ?? "", [push.token, timestamp, nonce])) refuse("signature")
    return body
  }

  /** `signature` is not looked at: it says nothing about the message. */
  function openSafe(): string {
    const encrypted = readEncrypted(body)
    if (encrypted === undefined || push.aesKey === undefined) return refuse("not encrypted")
    const presented = query.get("msg_signature") ?? ""
    if (!isSignature(presented, [push.token, timestamp, nonce, encrypted])) refuse("msg_signature")
    return decryptPush(push.aesKey, receiver, encrypted) ?? refuse("encryption")
  }
}

/** Ten digits and no other: the parts are signed without anything between them, and must not change places. */
function readQuery(query: URLSearchParams): { readonly timestamp: string; readonly nonce: string } {
  const timestamp = query.get("timestamp") ?? ""
  const nonce = query.get("nonce") ?? ""
  if (!/^\d{10}$/.test(timestamp) || !/^[\w-]{1,64}$/.test(nonce)) refuse("query")
  return { timestamp, nonce }
}

function checkAge(timestamp: string, { maxAgeMs }: SettledPush, now: number): void {
  if (Math.abs(now - Number(timestamp) * 1000) > maxAgeMs) refuse("timestamp")
}

/** @throws DengluError `push_refused`, always; the reason is for the log */
export function refuse(reason: string): never {
  throw new DengluError("push_refused", { message: reason })
}

function readMessage(appid: string, fields: PushFields): PushMessage | undefined {
  const msgType = textOf(fields, "MsgType")
  if (msgType === undefined) return undefined
  const createdAt = readTime(fields)
  const event = msgType.toLowerCase() === "event" ? textOf(fields, "Event") : undefined
  const from = { appid, createdAt }
  const about = { ...from, openid: textOf(fields, "OpenID"), pluginId: textOf(fields, "PluginID") }
  switch (event) {
    case "user_info_modified":
    case "user_authorization_cancellation":
      return { kind: event, ...about }
    case "user_authorization_revoke":
      return { kind: event, ...about, revokeInfo: textOf(fields, "RevokeInfo")?.match(/\d{1,6}/g) ?? [] }
    default:
      return { kind: "other", ...from, msgType, event }
  }
}

/** The longest text that is looked at, unless more is wanted: most are names and ids. */
const longestText = 128

/** A text that stands in a push; `undefined` if it is empty, too long, or no text. */
export function textOf(fields: PushFields, name: string, longest = longestText): string | undefined {
  const value = fields.get(name)
  if (typeof value !== "string" && typeof value !== "number") return undefined
  const text = String(value).trim()
  return text === "" || text.length > longest ? undefined : text
}

/** When WeChat made it, in milliseconds since 1970. */
export function readTime(fields: PushFields): number | undefined {
  const text = textOf(fields, "CreateTime")
  return text !== undefined && /^\d{9,11}$/.test(text) ? Number(text) * 1000 : undefined
}

/** Over everything that stands in it: two events of one second differ in whom they are about, and messages in their `MsgId`. */
function digestOf(appid: string, fields: PushFields): string {
  const sorted = [...fields].sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash("sha256")
    .update(JSON.stringify([appid, sorted]))
    .digest("base64url")
}
