/** A page's headers, names in lower case; `own` are WeChat's, which a page cannot set. */
export function pageHeaders(
  header: Readonly<Record<string, unknown>> | undefined,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(header ?? {})) headers[name.toLowerCase()] = String(value)
  return { ...headers, ...own }
}

/** The name of one that cannot be sent. The name only: fetch's own error would repeat the value, which may be a token. */
export function wrongHeader(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.keys(headers).find(name => {
    try {
      new Headers([[name, headers[name] ?? ""]])
      return false
    } catch {
      return true
    }
  })
}
