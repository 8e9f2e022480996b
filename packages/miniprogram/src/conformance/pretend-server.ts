/** A request as it arrives. */
export interface PretendRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly data: unknown
}

export interface PretendReply {
  readonly status: number
  readonly body: object
}

/** A login server with a small shop behind it, in memory, that remembers what arrived. */
export interface PretendServer {
  /** All that arrived at a path, in order. */
  arrived(path: string): readonly PretendRequest[]
  /** The business calls that were carried out, in order. */
  readonly executed: readonly PretendRequest[]
  /** Why sessions ended on suspicion, as `refresh_reused`. */
  readonly suspicions: readonly string[]
  /** A new code of `wx.login`; each is good for one login. */
  mintCode(): string
  /** Every access token so far is answered 401 `token_expired` from now on. */
  expireAccess(): void
  /** Every refresh token so far is answered 401 `token_expired` from now on. */
  expireRefresh(): void
  /** @param instead what is answered without anything being done */
  answer(request: PretendRequest, instead?: PretendReply): PretendReply
}

interface Family {
  readonly id: string
  refresh: string
  /** What the refresh token before this one was answered: it is answered so again. */
  previous?: { readonly refresh: string; readonly reply: PretendReply }
  over: boolean
}

/** Stands in every code and every token, and nowhere else. */
export const secretMark = "kept-to-oneself"
/** Stands in the answer of a business call that was carried out. */
export const orderMark = "a pot of oolong"

export function createPretendServer(): PretendServer {
  const arrivals: PretendRequest[] = []
  const executed: PretendRequest[] = []
  const suspicions: string[] = []
  const codes = new Set<string>()
  const families = new Map<string, Family>()
  const access = new Map<string, Family>()
  let minted = 0

  const mint = (kind: string) => `${kind}-${++minted}-${secretMark}`

  function issue(family: Family): PretendReply {
    family.refresh = mint("refresh")
    families.set(family.refresh, family)
    const token = mint("access")
    access.set(token, family)
    return {
      status: 200,
      body: {
        token_type: "Bearer",
        access_token: token,
        expires_in: 1800,
        refresh_token: family.refresh,
        refresh_expires_in: 2_592_000,
        session_id: family.id,
        user: { id: "user-1", nickname: null, avatar_url: null, created_at: "2026-01-31T08:00:00.000Z" },
      },
    }
  }

  function logIn(data: unknown): PretendReply {
    const code = field(data, "code")
    if (!codes.delete(code)) return problem(400, "code_used")
    return issue({ id: mint("session").split("-", 2).join("-"), refresh: "", over: false })
  }

  function refresh(data: unknown): PretendReply {
    const token = field(data, "refresh_token")
    const family = families.get(token)
    if (!family) return problem(401, "token_invalid")
    if (family.over) return problem(401, "token_expired")
    if (family.previous && family.previous.refresh === token) return family.previous.reply
    if (family.refresh !== token) {
      family.over = true
      suspicions.push("refresh_reused")
      return problem(401, "refresh_reused")
    }
    const reply = issue(family)
    family.previous = { refresh: token, reply }
    return reply
  }

  function bearer(request: PretendRequest): string {
    return request.authorization.replace(/^Bearer /, "")
  }

  function logOut(request: PretendRequest): PretendReply {
    const family = access.get(bearer(request))
    if (!family) return problem(401, "token_invalid")
    family.over = true
    for (const [token, owner] of access) if (owner === family) access.delete(token)
    return { status: 204, body: {} }
  }

  function serve(request: PretendRequest): PretendReply {
    if (!request.authorization) return problem(401, "token_missing")
    if (!access.has(bearer(request))) return problem(401, "token_expired")
    executed.push(request)
    return { status: 200, body: { orders: [orderMark] } }
  }

  return {
    arrived: path => arrivals.filter(arrival => arrival.path === path),
    executed,
    suspicions,
    mintCode() {
      const code = mint("code")
      codes.add(code)
      return code
    },
    expireAccess: () => access.clear(),
    expireRefresh() {
      for (const family of families.values()) family.over = true
    },
    answer(request, instead) {
      arrivals.push(request)
      if (instead) return instead
      if (request.path === "/orders") return serve(request)
      if (request.method !== "POST") return problem(405, "method_not_allowed")
      if (request.path === "/login") return logIn(request.data)
      if (request.path === "/refresh") return refresh(request.data)
      if (request.path === "/logout") return logOut(request)
      return problem(404, "not_found")
    },
  }
}

/** An error as a login server answers it (RFC 9457). */
export function problem(status: number, code: string, detail = "See the code"): PretendReply {
  return { status, body: { type: "about:blank", title: detail, detail, status, code } }
}

/** A text of a request's body; nothing where it isn't one. */
export function field(data: unknown, name: string): string {
  const value = data && typeof data === "object" ? (data as { readonly [key: string]: unknown })[name] : ""
  return typeof value === "string" ? value : ""
}
