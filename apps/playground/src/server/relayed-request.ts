import { STATUS_CODES } from "node:http"
import type { RelayReply, RelayRequest } from "@denglu/stage"
import type { Field } from "../protocol.ts"
import type { Recording } from "./recording.ts"
import { type RouteWords, routeWords } from "./route-words.ts"
import { bearerOf } from "./token-view.ts"

/** A request of the mini program or of the web page, as the recorder needs it. */
export interface RelayedRequest {
  /** From the login server's routes on: `/login`, `/scan/…/confirm`. Of another server the whole path. */
  readonly path: string
  readonly words: RouteWords
  /** The code of a login. */
  readonly code: string | undefined
  /** The access token that it carries. */
  readonly token: string | undefined
  readonly shown: {
    readonly line: string
    readonly headers: readonly Field[]
    readonly body: readonly Field[]
  }
}

/** A reply to it. */
export interface RelayedReply {
  readonly ok: boolean
  /** The JSON object that it is; empty if it is none. */
  readonly json: Readonly<Record<string, unknown>>
  /** The access token that it brings. */
  readonly token: string | undefined
  readonly shown: {
    readonly line: string
    readonly headers: readonly Field[]
    readonly body: readonly Field[]
  }
}

/** Reads a request; its secrets are remembered before anything of it is written. */
export function readRequest(
  { fields, masker }: Recording,
  { method, url, headers: given, body }: RelayRequest,
  loginUrl: string,
): RelayedRequest {
  const target = new URL(url)
  const headers = lowerCase(given)
  const path = shortened(pathOf(target, new URL(loginUrl)))
  const token = bearerOf(headers) ?? cookieOf(headers.cookie ?? "")
  const json = jsonObject(body)
  const isLogin = method === "POST" && path === "/login"
  const code = isLogin && typeof json.code === "string" ? json.code : undefined
  const secrets = [
    token,
    code,
    json.refresh_token,
    json.scene,
    json.password,
    ...cookieValues(headers.cookie ?? ""),
  ]
  for (const secret of secrets) if (typeof secret === "string") masker.learn(secret)
  return {
    path,
    words: routeWords(method, path, token !== undefined),
    code,
    token,
    shown: {
      line: `${method} ${masker.scrub(decoded(path))}`,
      headers: fields.headers(headers),
      body: [...fields.query(target.searchParams), ...fields.body(headers["content-type"] ?? "", body)],
    },
  }
}

/** Reads a reply; its secrets are remembered before anything of it is written. */
export function readReply(
  { fields, masker }: Recording,
  { status, headers: given, cookies = [], body }: RelayReply,
): RelayedReply {
  const headers = lowerCase(given)
  const json = jsonObject(body)
  const secrets = [json.access_token, json.refresh_token, ...cookies.flatMap(setCookieValue)]
  for (const secret of secrets) if (typeof secret === "string") masker.learn(secret)
  return {
    ok: status < 400,
    json,
    token: typeof json.access_token === "string" ? json.access_token : cookies.map(cookieOf).find(Boolean),
    shown: {
      line: `${status} ${STATUS_CODES[status] ?? ""}`.trim(),
      headers: [
        ...fields.headers(headers),
        ...cookies.flatMap(cookie => fields.plain({ "set-cookie": cookie })),
      ],
      body: fields.body(headers["content-type"] ?? "", body),
    },
  }
}

/** The access token in a `Cookie` or `Set-Cookie` header. */
function cookieOf(header: string): string | undefined {
  return /(?:^|; )__Host-denglu=([^;]+)/.exec(header)?.[1]
}

function cookieValues(header: string): readonly string[] {
  return header.split("; ").map(pair => pair.slice(pair.indexOf("=") + 1))
}

/** None of a cookie that is taken away. */
function setCookieValue(header: string): readonly string[] {
  return cookieValues(header).slice(0, 1).filter(Boolean)
}

/** A ticket's id says nothing, and is long. */
function shortened(path: string): string {
  return path.replace(/^\/scan\/[\w-]{20,}/, "/scan/…")
}

/** The base path of the login server is taken off: its routes are known without it. */
function pathOf(target: URL, login: URL): string {
  const base = login.pathname.replace(/\/$/, "")
  const isOurs = target.port === login.port && target.pathname.startsWith(`${base}/`)
  return isOurs ? target.pathname.slice(base.length) : target.pathname
}

/** A secret may stand in a path with some of its characters escaped. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

const longestJson = 262_144

function jsonObject(body: Uint8Array | null): Readonly<Record<string, unknown>> {
  if (body === null || body.byteLength > longestJson) return {}
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString())
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
