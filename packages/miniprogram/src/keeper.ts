import type { Fail, LoginError } from "./login-error.ts"
import type { LoginStorage } from "./platform.ts"
import { type Kept, readKept, type Session, sessionOf, writeKept } from "./session.ts"
import type { TokenReply, User } from "./wire.ts"

/** How the keeper speaks with WeChat and with the login server. */
export interface Wire {
  /** A new code of `wx.login`. */
  code(): Promise<string>
  /** `POST` to the login server; a {@link LoginError} for anything but 2xx. */
  post(path: string, data: object, token?: string): Promise<unknown>
}

export type Status = "logged_in" | "logging_in" | "logged_out"

export interface State {
  readonly status: Status
  readonly user: User | null
}

/** Holds the one session of this mini program, gets it, renews it, and ends it. */
export interface Keeper {
  state(): State
  onChange(listener: (state: State) => void): () => void
  /**
   * A session to ask with; without one, or shortly before its end, it is fetched, once for all who ask meanwhile.
   * @param refused a token the server answered 401 to: it will not come again
   * @throws LoginError `logged_out` if that takes a tap of the person
   */
  session(refused?: string): Promise<Session>
  /** The user of a session, or `null` if that takes a tap of the person. */
  ready(): Promise<User | null>
  /** As the person taps. With `fresh` WeChat is asked even though there is a session. */
  logIn(options?: { readonly fresh?: boolean }): Promise<User>
  logOut(options?: { readonly everywhere?: boolean }): Promise<void>
  /** Changes what is known of the user. */
  setUser(changes: Partial<User>): void
}

interface Parts {
  readonly wire: Wire
  readonly storage: LoginStorage
  readonly key: string
  readonly appid: string | undefined
  readonly silent: boolean
  readonly fail: Fail
}

/** Milliseconds between two tries of one refresh. The server repeats its answer for 30 s; three tries fit in. */
const pause = 500
/** After these a new code may help: the old one was lost, used or too old. */
const newCodeHelps = /^(network|timeout|code_used|code_invalid)$/
/** After these no login happens without a tap: somebody ended this session on purpose. */
const ended = /^(session_revoked|account_)/

export function createKeeper({ wire, storage, key, appid, silent, fail }: Parts): Keeper {
  let { session, out }: Kept = readKept(storage, key)
  let flight: Promise<Session> | undefined
  /** Counts the logouts: what was under way during one must not bring a session back. */
  let epoch = 0
  const listeners = new Set<(state: State) => void>()

  function state(): State {
    return {
      status: session ? "logged_in" : flight ? "logging_in" : "logged_out",
      user: session ? session.user : null,
    }
  }

  /** Not at once: what a listener throws is the page's error, not the login's. */
  function tell(): void {
    listeners.forEach(listener => void Promise.resolve(state()).then(listener))
  }

  function keep(next: Session | undefined, isOut?: boolean): void {
    session = next
    out = isOut
    writeKept(storage, key, isOut ? { out: true } : { session: next })
    tell()
  }

  /** Takes a reply as the session, unless the person logged out meanwhile: then that session ends as well. */
  function take(reply: TokenReply, since: number): Session {
    const next = sessionOf(reply, Date.now())
    if (since !== epoch) {
      wire.post("/logout", {}, next.access).catch(() => {})
      throw fail("logged_out")
    }
    keep(next)
    return next
  }

  async function askWeChat(since: number): Promise<Session> {
    for (let again = true; ; again = false) {
      // A code is sent once, whatever becomes of it.
      const code = await wire.code()
      if (since !== epoch) throw fail("logged_out")
      try {
        return take((await wire.post("/login", { code, appid })) as TokenReply, since)
      } catch (error) {
        if (!again || !newCodeHelps.test((error as LoginError).code)) throw error
      }
    }
  }

  /** Trades the refresh token. An answer that was lost is asked for again: within its window the server repeats it. */
  async function refreshed(refresh_token: string): Promise<TokenReply> {
    for (let tries = 3; ; ) {
      try {
        return (await wire.post("/refresh", { refresh_token })) as TokenReply
      } catch (error) {
        if ((error as LoginError).status || --tries < 1) throw error
        await new Promise(resolve => setTimeout(resolve, pause))
      }
    }
  }

  async function renew(old: Session, since: number): Promise<Session> {
    let reply: TokenReply
    try {
      reply = await refreshed(old.refresh)
    } catch (error) {
      const { status, code, retryable } = error as LoginError
      // Not about the token: it is still good for a later try.
      if (!status || retryable || since !== epoch) throw error
      keep(undefined, !silent || ended.test(code))
      if (out) throw error
      return askWeChat(since)
    }
    return take(reply, since)
  }

  /** One way to a session at a time, for any number of callers. */
  function fly(way: (since: number) => Promise<Session>): Promise<Session> {
    if (!flight) {
      const mine = way(epoch)
      const landed = () => {
        if (flight === mine) flight = undefined
        tell()
      }
      flight = mine
      mine.then(landed, landed)
      tell()
    }
    return flight
  }

  async function current(refused?: string): Promise<Session> {
    const old = session
    if (!old) {
      if (!flight && (out || !silent)) throw fail("logged_out")
      return fly(askWeChat)
    }
    const good = (until: number) => session === old && old.access !== refused && Date.now() < until
    if (good(old.renewAt)) return old
    try {
      return await fly(since => renew(old, since))
    } catch (error) {
      // A renewal ahead of time that did not work out: the token still works.
      if (good(old.expiresAt)) return old
      throw error
    }
  }

  return {
    state,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    session: current,
    ready: () =>
      current().then(userOf, error => {
        if (session || (!out && silent)) throw error
        return null
      }),
    async logIn({ fresh } = {}) {
      out = false
      if (fresh && flight) await flight.catch(() => {})
      return userOf(await (fresh || !session ? fly(askWeChat) : current()))
    },
    async logOut({ everywhere } = {}) {
      const old = session
      epoch++
      flight = undefined
      keep(undefined, true)
      if (!old) return
      try {
        await wire.post("/logout", { everywhere }, old.access).catch(async error => {
          if (error.status !== 401) throw error
          await wire.post("/logout", { everywhere }, (await refreshed(old.refresh)).access_token)
        })
      } catch (error) {
        if (everywhere) throw error
      }
    },
    setUser(changes) {
      if (session)
        keep(Object.assign({}, session, { user: Object.assign({}, session.user, changes) }) as Session)
    },
  }
}

function userOf({ user }: Session): User {
  return user
}
