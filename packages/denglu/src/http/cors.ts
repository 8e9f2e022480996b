/** CORS by exact origin; none unless configured. Credentials are allowed only where sessions may be in cookies. */
export interface Cors {
  /** Headers to add to any answer. */
  headers(origin: string | undefined): Readonly<Record<string, string>>
  /** Headers that answer a preflight, or `undefined` if the origin is not allowed. */
  preflight(
    origin: string | undefined,
    methods: readonly string[],
  ): Readonly<Record<string, string>> | undefined
}

export function createCors(allowedOrigins: readonly string[], withCookies: boolean): Cors {
  if (allowedOrigins.length === 0) return { headers: () => none, preflight: () => undefined }
  const allowed = new Set(allowedOrigins)
  const credentials = withCookies ? { "access-control-allow-credentials": "true" } : {}
  return {
    headers: origin =>
      origin !== undefined && allowed.has(origin)
        ? {
            vary: "origin",
            "access-control-allow-origin": origin,
            "access-control-expose-headers": "retry-after, www-authenticate, x-request-id, denglu-familiar",
            ...credentials,
          }
        : { vary: "origin" },
    preflight(origin, methods) {
      if (origin === undefined || !allowed.has(origin)) return undefined
      return {
        vary: "origin",
        "access-control-allow-origin": origin,
        "access-control-allow-methods": methods.join(", "),
        "access-control-allow-headers":
          "authorization, content-type, accept-language, denglu-session, denglu-scan-secret, denglu-familiar",
        "access-control-max-age": "600",
        ...credentials,
      }
    },
  }
}

const none = {}
