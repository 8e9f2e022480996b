import type { Login } from "denglu"
import { type PushOptions, settlePush } from "../../src/push-options.ts"
import { createRandomBytes } from "../../src/random.ts"
import { encryptPushReply, signPush } from "../../src/wechat/push-crypto.ts"

export const pushOptions = {
  token: "AAAAA",
  encodingAesKey: "A".repeat(43),
} as const satisfies PushOptions

/** A push as it goes over the wire. */
export interface WirePush {
  readonly query: Readonly<Record<string, string>>
  readonly body: string
}

export interface Signing {
  readonly appid: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly options?: PushOptions
  readonly nonce?: string
}

/** A push of the plain mode. */
export function plainPush(
  body: string,
  { now, options = pushOptions, nonce = "486452656" }: Signing,
): WirePush {
  const timestamp = String(Math.floor(now / 1000))
  return { body, query: { signature: signPush([options.token, timestamp, nonce]), timestamp, nonce } }
}

/** A push of the safe mode: what encrypts a reply encrypts a push. */
export function safePush(message: string, signing: Signing): WirePush {
  const { appid, now, options = pushOptions, nonce = "415670741" } = signing
  const push = settlePush(appid, options)
  if (push?.aesKey === undefined) throw new Error("no key")
  const timestamp = Math.floor(now / 1000)
  const { Encrypt, MsgSignature } = encryptPushReply({
    push: { ...push, aesKey: push.aesKey },
    appid,
    message,
    timestamp,
    nonce,
    random: createRandomBytes(),
  })
  const { query } = plainPush("", signing)
  return {
    body: JSON.stringify({ ToUserName: "gh_97417a04a28d", Encrypt }),
    query: { ...query, nonce, encrypt_type: "aes", msg_signature: MsgSignature },
  }
}

export interface PushAnswer {
  readonly status: number
  readonly text: string
  readonly type: string | null
}

/** Sends it to the login. */
export async function sendPush(
  login: Login,
  appid: string,
  { query, body }: { readonly query: Readonly<Record<string, string>>; readonly body?: string },
  type = "text/xml",
): Promise<PushAnswer> {
  const response = await login.fetch(
    new Request(`http://login.test/wechat/push/${appid}?${new URLSearchParams(query)}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body === undefined ? {} : { body, headers: { "content-type": type } }),
    }),
  )
  const text = await response.text()
  return { status: response.status, text, type: response.headers.get("content-type") }
}

/** A push about a person, as WeChat's page shows them. */
export function userPush(
  event: string,
  openid: string,
  now: number,
  more: Readonly<Record<string, string>> = {},
) {
  return {
    ToUserName: "gh_97417a04a28d",
    FromUserName: "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    CreateTime: Math.floor(now / 1000),
    MsgType: "event",
    Event: event,
    OpenID: openid,
    ...more,
  }
}

export function asXml(fields: Readonly<Record<string, string | number>>): string {
  const elements = Object.entries(fields).map(([name, value]) =>
    typeof value === "number" ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`,
  )
  return `<xml>\n${elements.join("\n")}\n</xml>`
}
