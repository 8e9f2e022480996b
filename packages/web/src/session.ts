import type { IssuedReply, User } from "./wire.ts"

/** What a browser keeps of a session, for all its tabs. In cookie mode no secret is in it. */
export interface Session {
  readonly user: User
  readonly session_id: string
  /** When it came, milliseconds since 1970: tells this session from the one before. */
  readonly at: number
  /** Seconds from `at`. */
  readonly expires_in: number
  readonly access_token?: string
  readonly refresh_token?: string
}

/** Where a session is kept. `localStorage` fits. */
export interface SessionStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The one session of a browser, as all its tabs see it. */
export interface Shelf {
  read(): Session | undefined
  write(session: Session | undefined): void
}

/**
 * A storage that refuses (private windows, full disks, blocked by the person) is replaced by this page's memory: the login works until
 * the page is left.
 */
export function createShelf(key: string, storage: SessionStorage | undefined): Shelf {
  let here: string | null = null
  let usable = storage !== undefined
  const attempt = <Result>(work: (storage: SessionStorage) => Result): Result | undefined => {
    if (!usable) return undefined
    try {
      return work(storage as SessionStorage)
    } catch {
      usable = false
      return undefined
    }
  }
  return {
    read() {
      const text = attempt(storage => storage.getItem(key)) ?? (usable ? null : here)
      return text === null ? undefined : parse(text)
    },
    write(session) {
      here = session === undefined ? null : JSON.stringify(session)
      attempt(storage => (here === null ? storage.removeItem(key) : storage.setItem(key, here)))
    },
  }
}

export function sessionOf({ user, session_id, expires_in, ...rest }: IssuedReply, at: number): Session {
  const { access_token, refresh_token } = rest
  return {
    user,
    session_id,
    at,
    expires_in,
    ...(access_token !== undefined && { access_token }),
    ...(refresh_token !== undefined && { refresh_token }),
  }
}

/** What another version, or anybody else, has left there may be anything. */
function parse(text: string): Session | undefined {
  try {
    const found = JSON.parse(text) as Session | null
    return typeof found?.user?.id === "string" && typeof found.at === "number" ? found : undefined
  } catch {
    return undefined
  }
}
