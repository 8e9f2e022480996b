import { newHint, newRid } from "./identifiers.ts"

/** What an endpoint answers, before it becomes a `Response`. Always HTTP 200, as WeChat does it. */
export interface Reply {
  readonly contentType: string
  readonly body: string | Uint8Array<ArrayBuffer>
  /** 0 for success: what the list of calls shows. */
  readonly errcode: number
}

/** The families of endpoints, which write the tail of an error message in their own ways. */
export type Family = "sns" | "cgi-bin" | "wxa" | "wxa/business"

/** The texts of the errors the simulator answers, as they were seen from the real one. */
const errorTexts: Readonly<Record<number, string>> = {
  [-1]: "system error",
  40001:
    "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
  40002: "invalid grant_type",
  40013: "invalid appid",
  40029: "invalid code",
  40097: "invalid args",
  40125: "invalid appsecret",
  40129: "invalid scene",
  40163: "code been used",
  40164: "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
  40169: "invalid length for scene  or thedata is not json string",
  40226: "code blocked",
  40242: "invalid oauth code, it is miniprogram jscode, please use jscode2session",
  41001: "access_token missing",
  41002: "appid missing",
  41004: "appsecret missing",
  41008: "missing code",
  41021: "missing component_access_token",
  41030: "invalid page",
  42001: "access_token expired",
  45009: "reach max api daily quota limit",
  45011: "api minute-quota reach limit, must slower, retry next minute",
  48001: "api unauthorized",
  61003: "component is not authorized by this account",
  61005: "component ticket is expired",
  61006: "component ticket is invalid",
  61009: "code is invalid",
  61010: "code is expired",
  61011: "invalid component",
  61023: "refresh_token is invalid",
  87007: "session_key is not existd or expired",
  87008: "invalid sig_method",
  87009: "invalid signature",
}

/** JSON the way WeChat writes it: compact, with `/` escaped. */
function weChatJson(value: object): string {
  return JSON.stringify(value).replaceAll("/", "\\/")
}

function contentTypeOf(family: Family): string {
  return family === "sns" ? "text/plain" : "application/json; charset=utf-8"
}

export function success(family: Family, value: object): Reply {
  return { contentType: contentTypeOf(family), body: weChatJson(value), errcode: 0 }
}

/** An error with the tail of its family. The documents leave some texts open; those say what the simulator means. */
export function failure(family: Family, errcode: number, now: number): Reply {
  const text = errorTexts[errcode] ?? "unknown error"
  const rid = `rid: ${newRid(now)}`
  const errmsg =
    family === "sns"
      ? `${text}, ${rid}`
      : family === "wxa/business"
        ? `${text} hint: [${newHint()}] ${rid}`
        : `${text} ${rid}`
  return { contentType: contentTypeOf(family), body: weChatJson({ errcode, errmsg }), errcode }
}

export function image(bytes: Uint8Array<ArrayBuffer>): Reply {
  return { contentType: "image/png", body: bytes, errcode: 0 }
}
