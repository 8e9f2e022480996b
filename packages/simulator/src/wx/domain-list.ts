/** Scheme, host and port of an http address, as written: the allow-list compares the port literally, `:443` too. None with a password in it. */
const origin = /^https?:\/\/[^/?#\\@]+(?![^/?#\\]*@)/i

/** The origin as written, or `undefined` if it is no address `wx.request` takes. */
export function originOf(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined
  return origin.exec(url)?.[0].toLowerCase()
}

/** Whether the allow-list of request domains has it. No list allows all, as DevTools does with the check off. */
export function isListed(origin: string, domains: readonly string[] | undefined): boolean {
  return domains === undefined || domains.some(domain => domain.toLowerCase() === origin)
}
