import { STATUS_CODES } from "node:http"
import type { RelayReply, RelayRequest } from "@denglu/stage"
import type { Field } from "../protocol.ts"
import type { Recording } from "./recording.ts"
import { type RouteWords, routeWords } from "./route-words.ts"
import { bearerOf } from "./token-view.ts"

/** A request of the mini program, as the recorder needs it. */
export interface RelayedRequest {
  /** From the login server's routes on: `/login`. Of another server the whole path. */
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
  const path = pathOf(target, new URL(loginUrl))
  const token = bearerOf(headers)
  const json = jsonObject(body)
  const isLogin = method === "POST" && path === "/login"
  const code = isLogin && typeof json.code === "string" ? json.code : undefined
  for (const secret of [token, code, json.refresh_token]) if (typeof secret === "string") masker.learn(secret)
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
  { status, headers: given, body }: RelayReply,
): RelayedReply {
  const headers = lowerCase(given)
  const json = jsonObject(body)
  for (const secret of [json.access_token, json.refresh_token])
    if (typeof secret === "string") masker.learn(secret)
  return {
    ok: status < 400,
    json,
    shown: {
      line: `${status} ${STATUS_CODES[status] ?? ""}`.trim(),
      headers: fields.headers(headers),
      body: fields.body(headers["content-type"] ?? "", body),
    },
  }
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
