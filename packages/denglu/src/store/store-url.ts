/** A URL as the drivers take it, and what of it is ours. */
export interface ServerUrl {
  readonly url: string
  readonly connections?: number
}

/**
 * Reads the URL of a PostgreSQL or MySQL database, for everybody who connects to one: takes `connections` out of its query, for the drivers
 * don't know it, and refuses what they would stumble over. No error holds a part of the URL beyond its scheme.
 *
 * @throws TypeError if it is not a URL, or if `connections` is not 2 to 1,000
 */
export function readServerUrl(text: string): ServerUrl {
  const { url, connections } = takeConnections(text)
  if (!isUrl(url))
    throw new TypeError(
      `store: ${/^[a-z]+/.exec(url)?.[0]}://… is not a URL: write special characters in user and password percent-encoded (encodeURIComponent)`,
    )
  return connections === undefined ? { url } : { url, connections }
}

function takeConnections(text: string): ServerUrl {
  const at = text.indexOf("?")
  if (at === -1) return { url: text }
  const fields = text.slice(at + 1).split("&")
  const isOurs = (field: string) => field.startsWith("connections=")
  const found = fields.find(isOurs)
  if (found === undefined) return { url: text }
  const connections = Number(found.slice("connections=".length))
  if (!Number.isInteger(connections) || connections < 2 || connections > 1_000)
    throw new TypeError(
      "store: connections must be a whole number from 2 to 1000: postgres://…?connections=20",
    )
  const others = fields.filter(field => !isOurs(field)).join("&")
  return { url: text.slice(0, at) + (others === "" ? "" : `?${others}`), connections }
}

function isUrl(text: string): boolean {
  const isPostgres = /^postgres/.test(text)
  // pg takes a URL without a host too, for a socket that the query names.
  const full = isPostgres ? text.replace("@/", "@localhost/") : text
  if (!URL.canParse(full)) return false
  const { username, password, hostname, pathname, hash } = new URL(full)
  // A raw # or / in a password ends the host before the password is over.
  if (hash !== "" || (username === "" && pathname.includes("@"))) return false
  // pg reads a % that encodes nothing as it stands.
  if (isPostgres && /%(?![\da-f]{2})/i.test(text)) return true
  try {
    for (const part of [username, password, hostname, pathname]) decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}

/** The path in the URL of a SQLite database, as it stands there: `:memory:` too. `undefined` for another engine. */
export function sqlitePath(url: string): string | undefined {
  return /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1]
}
