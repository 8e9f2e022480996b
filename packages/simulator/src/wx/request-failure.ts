import type { WxFailure } from "./callbacks.ts"

/** Chromium's names for what went wrong (net_error_list.h), by what Node calls it. */
const networkErrors: Readonly<Record<string, readonly [number, string]>> = {
  UND_ERR_SOCKET: [-100, "ERR_CONNECTION_CLOSED"],
  ECONNRESET: [-101, "ERR_CONNECTION_RESET"],
  EPIPE: [-101, "ERR_CONNECTION_RESET"],
  ECONNREFUSED: [-102, "ERR_CONNECTION_REFUSED"],
  ENETDOWN: [-106, "ERR_INTERNET_DISCONNECTED"],
  ENOTFOUND: [-105, "ERR_NAME_NOT_RESOLVED"],
  EAI_AGAIN: [-105, "ERR_NAME_NOT_RESOLVED"],
  EHOSTUNREACH: [-109, "ERR_ADDRESS_UNREACHABLE"],
  ENETUNREACH: [-109, "ERR_ADDRESS_UNREACHABLE"],
  ETIMEDOUT: [-118, "ERR_CONNECTION_TIMED_OUT"],
  UND_ERR_CONNECT_TIMEOUT: [-118, "ERR_CONNECTION_TIMED_OUT"],
  ERR_TLS_CERT_ALTNAME_INVALID: [-200, "ERR_CERT_COMMON_NAME_INVALID"],
  CERT_HAS_EXPIRED: [-201, "ERR_CERT_DATE_INVALID"],
  DEPTH_ZERO_SELF_SIGNED_CERT: [-202, "ERR_CERT_AUTHORITY_INVALID"],
  SELF_SIGNED_CERT_IN_CHAIN: [-202, "ERR_CERT_AUTHORITY_INVALID"],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [-202, "ERR_CERT_AUTHORITY_INVALID"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [-354, "ERR_CONTENT_LENGTH_MISMATCH"],
}

/** What `wx.request`, or another API that asks a server, says of an error thrown by `fetch`. */
export function requestFailure(error: unknown, api = "request"): WxFailure {
  const root = rootOf(error)
  const known = networkErrors[codeOf(root) ?? ""]
  if (known === undefined) return { errMsg: `${api}:fail ${messageOf(root)}`, errno: 600_000 }
  const [number, name] = known
  const errMsg = `${api}:fail errcode:${number} cronet_error_code:${number} error_msg:net::${name}`
  return { errMsg, errno: 600_001 }
}

/** The innermost cause; of several addresses that were tried, the first. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0])
  if (error instanceof Error && error.cause !== undefined) return rootOf(error.cause)
  return error
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
