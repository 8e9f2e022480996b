import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"

/** A request on its way to a provider: a test may alter it, as somebody between could. */
export interface Carried {
  method: string
  path: string
  readonly headers: Record<string, string>
  body: string
}

/** A provider's HTTP API as its documents have it: it checks every signature with its own reading of them. */
export interface SmsProvider {
  readonly url: string
  /** What it has sent: number and digits. */
  readonly sent: { readonly phone: string; readonly text: string }[]
  /** How often it was asked. */
  readonly asked: () => number
  /** Alters the requests that come from now on. */
  alter(change: (request: Carried) => void): void
  /** Answers from now on with this word for every number; `silence`: not at all. */
  say(status: string): void
  close(): Promise<void>
}

export const credentials = {
  id: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
}
export const signName = "示例商城"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()
const isSame = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

interface Answer {
  readonly status: number
  readonly body: unknown
}

type Judge = (request: Carried) => Answer

async function startProvider(judgeWith: (shared: Shared) => Judge): Promise<SmsProvider> {
  const shared: Shared = { sent: [], word: undefined }
  const judge = judgeWith(shared)
  let change: (request: Carried) => void = () => {}
  let asked = 0
  const server: Server = createServer(async (req, res) => {
    asked += 1
    const request = await carried(req)
    change(request)
    if (shared.word === "silence") return
    const { status, body } = judge(request)
    res.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: shared.sent,
    asked: () => asked,
    alter(given) {
      change = given
    },
    say(word) {
      shared.word = word
    },
    close() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

interface Shared {
  readonly sent: { readonly phone: string; readonly text: string }[]
  word: string | undefined
}

async function carried(req: IncomingMessage): Promise<Carried> {
  const parts: Buffer[] = []
  for await (const part of req) parts.push(part)
  const headers = Object.entries(req.headers).map(([name, value]) => [name, String(value)])
  return {
    method: req.method ?? "",
    path: req.url ?? "",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts).toString(),
  }
}

/** Tencent Cloud API 3.0, `SendSms` of 2021-01-11, signed by TC3-HMAC-SHA256. */
export const startTencent = () => startProvider(shared => request => judgeTencent(request, shared))

function judgeTencent(request: Carried, shared: Shared): Answer {
  const answer = (Response: object) => ({
    status: 200,
    body: { Response: { ...Response, RequestId: "r-1" } },
  })
  const refuse = (Code: string) => answer({ Error: { Code, Message: `${Code}: ${request.body}` } })
  const { headers, body } = request
  const parts =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([^/]+)\/([^/]+)\/tc3_request, SignedHeaders=([\w;-]+), Signature=(\w{64})$/.exec(
      headers.authorization ?? "",
    )
  if (parts === null) return refuse("AuthFailure.InvalidAuthorization")
  const [, id = "", date = "", service = "", signed = "", signature = ""] = parts
  // The product is the first part of the host's name, and the host is signed without its port.
  const host = (headers.host ?? "").replace(/:\d+$/, "")
  const at = Number(headers["x-tc-timestamp"])
  if (id !== credentials.id) return refuse("AuthFailure.SecretIdNotFound")
  if (!(Math.abs(Date.now() / 1000 - at) < 300)) return refuse("AuthFailure.SignatureExpire")
  if (date !== new Date(at * 1000).toISOString().slice(0, 10)) return refuse("AuthFailure.SignatureFailure")
  if (service !== host.split(".")[0]) return refuse("AuthFailure.SignatureFailure")
  if (!signed.split(";").includes("host") || !signed.split(";").includes("content-type"))
    return refuse("AuthFailure.SignatureFailure")
  const canonicalHeaders = signed
    .split(";")
    .map(name => `${name}:${(name === "host" ? host : (headers[name] ?? "")).toLowerCase()}\n`)
    .join("")
  const canonical = [request.method, "/", "", canonicalHeaders, signed, sha256(body)].join("\n")
  const toSign = ["TC3-HMAC-SHA256", at, `${date}/${service}/tc3_request`, sha256(canonical)].join("\n")
  const key = hmac(hmac(hmac(`TC3${credentials.secret}`, date), service), "tc3_request")
  if (!isSame(hmac(key, toSign).toString("hex"), signature)) return refuse("AuthFailure.SignatureFailure")
  if (headers["x-tc-action"] !== "SendSms" || headers["x-tc-version"] !== "2021-01-11")
    return refuse("InvalidAction")
  const { PhoneNumberSet, SignName, TemplateParamSet, SmsSdkAppId, TemplateId } = JSON.parse(body)
  if (SmsSdkAppId !== "1400006666") return refuse("FailedOperation.SdkAppIdNotFound")
  const [phone] = PhoneNumberSet
  const Code =
    shared.word ??
    (SignName === signName && TemplateId === "1234567"
      ? "Ok"
      : "FailedOperation.SignatureIncorrectOrUnapproved")
  if (Code === "Ok") shared.sent.push({ phone, text: TemplateParamSet.join(" ") })
  return answer({ SendStatusSet: [{ PhoneNumber: phone, Fee: Code === "Ok" ? 1 : 0, Code, Message: Code }] })
}

/** Alibaba Cloud's `SendSms` of 2017-05-25, signed by ACS3-HMAC-SHA256. */
export const startAliyun = () =>
  startProvider(shared => {
    const nonces = new Set<string>()
    return request => judgeAliyun(request, shared, nonces)
  })

function judgeAliyun(request: Carried, shared: Shared, nonces: Set<string>): Answer {
  const { headers, body } = request
  const refuse = (Code: string) => ({
    status: 400,
    body: { Code, Message: `${Code}: ${request.path}`, RequestId: "r-1" },
  })
  const parts = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([\w;-]+),Signature=(\w{64})$/.exec(
    headers.authorization ?? "",
  )
  if (parts === null) return refuse("IncompleteSignature")
  const [, id = "", signed = "", signature = ""] = parts
  const names = signed.split(";")
  if (id !== credentials.id) return refuse("InvalidAccessKeyId.NotFound")
  if (!(Math.abs(Date.now() - Date.parse(headers["x-acs-date"] ?? "")) < 900_000))
    return refuse("InvalidTimeStamp.Expired")
  const must = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
  ]
  if (!must.every(name => names.includes(name))) return refuse("IncompleteSignature")
  if (headers["x-acs-content-sha256"] !== sha256(body)) return refuse("SignatureDoesNotMatch")
  const { pathname, searchParams } = new URL(request.path, "http://provider")
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&")
  const canonicalHeaders = names.map(name => `${name}:${(headers[name] ?? "").trim()}\n`).join("")
  const canonical = [
    request.method,
    pathname,
    query,
    canonicalHeaders,
    signed,
    headers["x-acs-content-sha256"],
  ].join("\n")
  const expected = hmac(credentials.secret, `ACS3-HMAC-SHA256\n${sha256(canonical)}`).toString("hex")
  if (!isSame(expected, signature)) return refuse("SignatureDoesNotMatch")
  const nonce = headers["x-acs-signature-nonce"] ?? ""
  if (nonces.has(nonce)) return refuse("SignatureNonceUsed")
  nonces.add(nonce)
  if (headers["x-acs-action"] !== "SendSms" || headers["x-acs-version"] !== "2017-05-25")
    return refuse("InvalidAction.NotFound")
  const of = (name: string) => searchParams.get(name) ?? ""
  const isKnown = of("SignName") === signName && of("TemplateCode") === "SMS_123456789"
  const Code = shared.word ?? (isKnown ? "OK" : "isv.SMS_SIGNATURE_ILLEGAL")
  if (Code === "OK")
    shared.sent.push({
      phone: of("PhoneNumbers"),
      text: Object.values(JSON.parse(of("TemplateParam"))).join(" "),
    })
  return {
    status: 200,
    body: { Code, Message: `${Code} ${of("PhoneNumbers")}`, RequestId: "r-1", BizId: "b-1" },
  }
}
