/** Where a provider is, as its SDK wants it. */
export interface Endpoint {
  /** `sms.tencentcloudapi.com`, perhaps with a port. */
  readonly host: string
  readonly protocol: "http" | "https"
}

/**
 * Reads the address of a provider: `https://…`, or `http://` on this machine, for tests.
 *
 * @throws TypeError that names the option and says what to write
 */
export function readEndpoint(option: string, address: string): Endpoint {
  if (!URL.canParse(address))
    throw new TypeError(`${option} must be an address such as "https://sms.example.com"`)
  const { protocol, hostname, host } = new URL(address)
  if (protocol === "https:") return { host, protocol: "https" }
  if (protocol !== "http:" || !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
    throw new TypeError(`${option} must be https, since it is sent phone numbers`)
  return { host, protocol: "http" }
}

/** @throws TypeError if an option is no text */
export function needText(option: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value
  throw new TypeError(`${option} is missing`)
}

/** What may be said of an SDK's error: its code. The rest of it may hold the number. */
export function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  return [code, name].find((word): word is string => typeof word === "string" && word !== "") ?? "unknown"
}
