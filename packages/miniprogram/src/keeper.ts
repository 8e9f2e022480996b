import type { Fail, LoginError } from "./login-error.ts"
import type { PlatformResponse } from "./platform.ts"
import type { Kept, Session } from "./session.ts"
import type { TokenReply, User } from "./wire.ts"

/** How the keeper speaks with WeChat and with the login server. */
export interface Wire {
  /** A new code of `wx.login`. */
  code(): Promise<string>
  /** `POST` to the login server; a {@link LoginError} for anything but 2xx. */
  post(path: string, data: object, token?: string): Promise<unknown>
}

interface KeeperOptions {
  readonly appid?: string
  readonly silent?: boolean
}

export type Status = "logged_in" | "logging_in" | "logged_out"

export interface State {
  readonly status: Status
  readonly user: User | null
}

/** Who is logged in on this device, and how that changes. */
export interface Presence {
  /** The user, or `null` while nobody is logged in. */
  readonly user: User | null
  readonly status: Status
  /** Calls the listener at every change; answers the function that removes it. */
  onChange(listener: (state: State) => void): () => void
  /** Who is there: the user, logged in silently if need be; `null` if that takes a tap. For a page's `onLoad`. */
  ready(): Promise<User | null>
  /**
   * Logs in, as the person taps. With `fresh` a new code is fetched even where there is a session. With `restore` too, and an account
   * that was deleted comes back: only if the person just said so.
   */
  login(options?: { readonly fresh?: boolean; readonly restore?: boolean }): Promise<User>
  /**
   * Ends the session here at once and on the server; with `everywhere` all of the user's. Nothing logs in again until
   * `login()`. Rejects only with `everywhere`, if the server could not be told. With `here` the server is not told: it has ended the
   * session itself.
   */
  logout(options?: { readonly everywhere?: boolean; readonly here?: boolean }): Promise<void>
  /** For what changes the user elsewhere, as `POST /me` does. */
  setUser(changes: Partial<User>): void
}

/**
 * Sends with a token; after a 401 once more, with another one.
 * @throws LoginError `logged_out` if a token takes a tap of the person, or if they logged out between the two
 */
export type AsUser = <Response extends PlatformResponse>(
  send: (access: string) => Promise<Response>,
) => Promise<Response>

/**
 * Holds the one session of this mini program, gets it, renews it, and ends it.
 * @param kept what an earlier start has left
 * @param write keeps it for a later start; may throw
 */
export function createKeeper(
  { code, post }: Wire,
  kept: Kept,
  write: (kept: Kept) => void,
  fail: Fail,
  { appid, silent = true }: KeeperOptions,
): readonly [Presence, AsUser] {
  /** Milliseconds between two tries of one refresh. */
  const pause = 500
  /** Milliseconds after which no further try is begun: the server repeats its answer for 30 s, then it ends the session. */
  const repeatWindow = 29_000

  // Without a session, and without `silent`, it is as after a logout.
  let { session, out = !session && !silent }: Kept = kept
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
    const now = Promise.resolve(state())
    for (const listener of listeners) void now.then(listener)
  }

  function keep(next: Session | undefined, isOut?: boolean): void {
    session = next
    out = isOut as boolean
    try {
      write({ session, out })
    } catch {
      // A login that can't be kept still works until the mini program is closed.
    }
    tell()
  }

  /** Takes a session as the one of this device, unless the person logged out meanwhile: then it ends as well. */
  function take(next: Session, since: number): Session {
    if (since !== epoch) {
      post("/logout", {}, next.access_token).catch(() => {})
      throw fail("logged_out")
    }
    keep(next)
    return next
  }

  /** @throws LoginError if the answer is something else: networks have pages of their own to show */
  async function tokens(path: string, data: object): Promise<Session> {
    const next = Object.assign({ at: Date.now() }, (await post(path, data)) as TokenReply)
    if (!next.access_token) throw fail("http_error")
    return next
  }

  async function askWeChat(since: number, restore?: boolean, again = true): Promise<Session> {
    const sent = await code()
    if (!sent) throw fail("login_failed")
    if (since !== epoch) throw fail("logged_out")
    // A code is sent once, whatever becomes of it.
    return tokens("/login", { code: sent, appid, restore })
      .then(next => take(next, since))
      .catch((error: LoginError) => {
        // Whatever became of it: since then the person has logged out.
        if (since !== epoch) throw fail("logged_out")
        // account_deleted, account_blocked: it takes a tap, else every page would ask WeChat for a code and hear the same again.
        if (/^acc/.test(error.code)) keep(undefined, true)
        // After network, timeout, code_used and code_invalid a new one may help: the old one was lost, used or too old.
        if (!again || !/^(net|time|code_[ui])/.test(error.code)) throw error
        return askWeChat(since, restore, false)
      })
  }

  /** Trades the refresh token. An answer that was lost is asked for again: within its window the server repeats it. */
  function refreshed(refresh_token: string, tries = 3, last = Date.now() + repeatWindow): Promise<Session> {
    return tokens("/refresh", { refresh_token }).catch(async (error: LoginError) => {
      if (error.status || tries < 2 || Date.now() > last) throw error
      await new Promise(resolve => setTimeout(resolve, pause))
      return refreshed(refresh_token, tries - 1, last)
    })
  }

  function renew(old: Session, since: number): Promise<Session> {
    return refreshed(old.refresh_token).then(
      next => take(next, since),
      (error: LoginError) => {
        // Only a 401, or a 400 or 403 with a code of the server's own, is about the token: else it is good for a later try.
        if (!/^(401|40[03][^h])/.test(error.status + error.code) || error.retryable || since !== epoch)
          throw error
        // After session_revoked no login happens without a tap: somebody ended this session on purpose.
        keep(undefined, !silent || /^session_r/.test(error.code))
        if (!out) return askWeChat(since)
        throw fail("logged_out")
      },
    )
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

  /**
   * A session to ask with; without one, or shortly before its end, it is fetched, once for all who ask meanwhile.
   * @param refused a token the server answered 401 to: it will not come again
   */
  async function current(refused?: string): Promise<Session> {
    const old = session
    if (!old) {
      if (!flight && out) throw fail("logged_out")
      return fly(askWeChat)
    }
    const good = (early: number) =>
      session &&
      session.access_token === old.access_token &&
      old.access_token !== refused &&
      Date.now() < old.at + old.expires_in * 1000 - early
    // Early by a minute, but never by more than a tenth of its life.
    if (good(Math.min(60_000, old.expires_in * 100))) return old
    return fly(since => renew(old, since)).catch(error => {
      // A renewal ahead of time that did not work out: the token still works.
      if (good(0)) return old
      throw error
    })
  }

  return [
    {
      get user() {
        return state().user
      },
      get status() {
        return state().status
      },
      onChange(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      ready: () =>
        current().then(
          now => now.user,
          error => {
            if (session || !out) throw error
            return null
          },
        ),
      async login({ restore, fresh = restore } = {}) {
        const since = epoch
        const before = fresh ? flight : session && current()
        if (before)
          await before.catch(error => {
            // A session that turns out to be over is no reason to let the person tap a second time.
            if (!fresh && !out) throw error
          })
        if (since !== epoch) throw fail("logged_out")
        if (session && !fresh) return session.user
        return (await fly(now => askWeChat(now, restore))).user
      },
      async logout({ everywhere, here } = {}) {
        const old = session
        epoch++
        flight = undefined
        keep(undefined, true)
        if (!old || here) return
        const end = (token: string) => post("/logout", { everywhere }, token)
        await end(old.access_token)
          .catch(async error => {
            if (error.status !== 401) throw error
            await end((await refreshed(old.refresh_token)).access_token)
          })
          .catch(error => {
            if (everywhere) throw error
          })
      },
      setUser(changes) {
        if (session)
          keep(Object.assign({}, session, { user: Object.assign({}, session.user, changes) }) as Session)
      },
    },
    async send => {
      const since = epoch
      const { access_token } = await current()
      const response = await send(access_token)
      if (response.statusCode !== 401) return response
      if (since !== epoch) throw fail("logged_out")
      return send((await current(access_token)).access_token)
    },
  ]
}
