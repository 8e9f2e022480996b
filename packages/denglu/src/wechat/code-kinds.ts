/** The two kinds of code a mini program gets: of `wx.login()`, and of a phone-number button. Neither does the other's work. */
export type CodeKind = "login" | "phone"

/**
 * Which kind a code looks like, going by all that were ever seen. WeChat promises no form, so this chooses words after WeChat has
 * refused a code, and never refuses one itself.
 */
export function codeKind(code: string): CodeKind | undefined {
  if (/^0[0-9A-Za-z]{31}$/.test(code)) return "login"
  return /^[0-9a-f]{64}$/.test(code) ? "phone" : undefined
}

/** Whether WeChat could read it at all; what is no code is not worth asking. */
export function isCode(code: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(code)
}
