import type { WxFailure } from "./callbacks.ts"

/** Scheme, host and port of an address, as written: the allow-list compares the port literally, `:443` too. None with a password in it. */
const origins = {
  http: /^https?:\/\/[^/?#\\@]+(?![^/?#\\]*@)/i,
  ws: /^wss?:\/\/[^/?#\\@]+(?![^/?#\\]*@)/i,
}

/** Why the API named `api` may not ask this address; `undefined` if it may. */
export function addressFailure(
  api: string,
  url: unknown,
  domains: readonly string[] | undefined,
  scheme: keyof typeof origins = "http",
): WxFailure | undefined {
  const origin = originOf(url, scheme)
  if (origin === undefined) return { errMsg: `${api}:fail invalid url`, errno: 600_009 }
  if (!isListed(origin, domains)) return { errMsg: `${api}:fail url not in domain list`, errno: 600_002 }
  return undefined
}

/** The origin as written, or `undefined` if it is no address of this kind. */
function originOf(url: unknown, scheme: keyof typeof origins): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined
  return origins[scheme].exec(url)?.[0].toLowerCase()
}

/** Whether the allow-list has it. No list allows all, as DevTools does with the check off. */
function isListed(origin: string, domains: readonly string[] | undefined): boolean {
  return domains === undefined || domains.some(domain => domain.toLowerCase() === origin)
}
