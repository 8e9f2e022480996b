import { LoginError } from "./login-error.ts"
import { type Session, type Shelf, sessionOf } from "./session.ts"
import type { IssuedReply, User } from "./wire.ts"

/** Who is logged in in this browser, and how that changes. */
export interface Presence {
  /** The user, or `null` while nobody is logged in. */
  readonly user: User | null
  /** Calls the listener whenever somebody else, or nobody, is logged in, in whichever tab that happened. Answers the function that removes it. */
  onChange(listener: (user: User | null) => void): () => void
  /** The user with a session that works, renewed if need be; `null` if nobody is logged in. Rejects if that can't be found out. */
  ready(): Promise<User | null>
  /**
   * Ends the session here, in all tabs, and on the server; with `everywhere` all of the user's. Rejects only with `everywhere`, if the
   * server could not be told.
   */
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  /** For what changes the user elsewhere, as `PATCH /me` does. */
  setUser(changes: Partial<User>): void
}

export interface Keeper extends Presence {
  /** Takes the session of a login that has come about. */
  take(reply: IssuedReply): User
  /**
   * A session to ask with, renewed if it is over or about to be: once for all callers, and once for all tabs.
   * @param refused a session the server answered 401 to
   * @throws LoginError `logged_out`
   */
  current(refused?: Session): Promise<Session>
  /** Looks whether another tab has changed who is logged in. */
  tell(): void
}

interface KeeperParts {
  readonly shelf: Shelf
  /** `POST` to the login server. @throws LoginError for anything but 2xx */
  readonly post: (path: string, data: object | undefined, session?: Session) => Promise<unknown>
  /** Runs one at a time over all tabs (Web Locks), or at least in this one. */
  readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>
  readonly now: () => number
}

/** Answers of the server after which a session is over for good. Any other leaves it as it is. */
const over = /^(session_revoked|refresh_reused|token_(invalid|missing)|account_)/

/**
 * Holds the one session of this browser, renews it and ends it. The shelf is what all tabs share: it is read anew whenever something is decided,
 * so that a tab never works with what another has replaced.
 */
export function createKeeper({ shelf, post, alone, now }: KeeperParts): Keeper {
  const listeners = new Set<(user: User | null) => void>()
  let told = userText()
  let flight: Promise<Session> | undefined

  function userText(): string {
    return JSON.stringify(shelf.read()?.user ?? null)
  }

  /** Tells the listeners if it is somebody else now. What a listener throws is the page's error, not the login's. */
  function tell(): void {
    const text = userText()
    if (text === told) return
    told = text
    const user = Promise.resolve(JSON.parse(text) as User | null)
    for (const listener of listeners) void user.then(listener)
  }

  function keep(session: Session | undefined): void {
    shelf.write(session)
    tell()
  }

  const isGood = (session: Session, early: number) =>
    now() < session.at + session.expires_in * 1000 - early && now() >= session.at - 60_000

  /** Trades the session for its successor, unless another tab has done so while this one waited for its turn. */
  async function renew(old: Session): Promise<Session> {
    const kept = shelf.read()
    if (kept === undefined) throw new LoginError("logged_out")
    if (kept.at !== old.at) return kept
    const { refresh_token } = kept
    const reply = await post("/refresh", refresh_token === undefined ? undefined : { refresh_token }).catch(
      (error: LoginError) => {
        if (!over.test(error.code)) throw error
        if (shelf.read()?.at === old.at) keep(undefined)
        throw new LoginError("logged_out")
      },
    )
    const next = sessionOf(reply as IssuedReply, Math.max(now(), old.at + 1))
    if (shelf.read() === undefined) {
      // The person logged out meanwhile: what came ends as well.
      await post("/logout", {}, next).catch(() => {})
      throw new LoginError("logged_out")
    }
    keep(next)
    return next
  }

  async function current(refused?: Session): Promise<Session> {
    const kept = shelf.read()
    if (kept === undefined) throw new LoginError("logged_out")
    const isRefused = refused !== undefined && kept.at === refused.at
    // Early by a minute, but never by more than a tenth of its life.
    if (!isRefused && isGood(kept, Math.min(60_000, kept.expires_in * 100))) return kept
    flight ??= alone(() => renew(kept)).finally(() => {
      flight = undefined
    })
    return flight.catch(error => {
      // A renewal ahead of time that did not work out: the session still works.
      if (!isRefused && isGood(kept, 0) && shelf.read()?.at === kept.at) return kept
      throw error
    })
  }

  return {
    get user() {
      return shelf.read()?.user ?? null
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    ready: () =>
      current().then(
        session => session.user,
        (error: LoginError) => {
          if (error.code === "logged_out") return null
          throw error
        },
      ),
    async logout({ everywhere = false } = {}) {
      const old = shelf.read()
      if (old === undefined) return
      const end = (session: Session) => post("/logout", { everywhere }, session)
      // Told first where it must be told, and else forgotten first: a page that is left at once is logged out all the same.
      if (!everywhere) keep(undefined)
      try {
        await end(old).catch(async (error: LoginError) => {
          if (error.status !== 401) throw error
          const { refresh_token } = old
          const reply = await post("/refresh", refresh_token === undefined ? undefined : { refresh_token })
          await end(sessionOf(reply as IssuedReply, now()))
        })
      } catch (error) {
        if (everywhere && !over.test((error as LoginError).code)) throw error
      }
      if (shelf.read()?.session_id === old.session_id) keep(undefined)
    },
    setUser(changes) {
      const kept = shelf.read()
      if (kept !== undefined) keep({ ...kept, user: { ...kept.user, ...changes } })
    },
    take(reply) {
      const session = sessionOf(reply, Math.max(now(), (shelf.read()?.at ?? 0) + 1))
      keep(session)
      return session.user
    },
    current,
    tell,
  }
}
