import type { EventListener, EventName } from "./events.ts"
import type { Guard } from "./guard.ts"
import type { FetchHandler } from "./http/fetch.ts"
import type { NodeListener } from "./http/node.ts"
import type { SentOpenData } from "./login/open-data.ts"
import type { PlatformAdministration } from "./login/platform-administration.ts"
import type { KeyOwner } from "./login/session-keys.ts"
import type { AuditHead, AuditVerdict } from "./session/audit-verifier.ts"
import type { VerifiedToken } from "./session/verified-token.ts"
import type { AuditEvent, EventPlace } from "./store/audit-store.ts"
import type { ConflictPage, Merge, MergePreview, ResolvedUser, Session } from "./store/store.ts"
import type { ExportedData } from "./user/personal-data.ts"
import type { UserKey } from "./wechat/endpoints/getuserencryptkey.ts"

/** A user, as business code may know them. */
export interface KnownUser extends ResolvedUser {
  readonly phone: KnownPhone | null
}

export interface KnownPhone {
  /** E.164: `+8613800138000`. */
  readonly number: string
  /** Without the `+`: `86`. */
  readonly countryCode: string
  /** Without the country code: `13800138000`. */
  readonly nationalNumber: string
  /** When WeChat last vouched for it, or the person proved it by SMS, in milliseconds since 1970. Numbers pass on to other people after some months. */
  readonly verifiedAt: number
  /** When it was last proved by SMS: since then it is a way in, as long as `sms.trustPhoneFor` says. `null`: never. */
  readonly smsVerifiedAt: number | null
  /** The mini program it was verified in; `""` if it was proved by SMS since. */
  readonly appid: string
}

/** What operators and business code may ask about users, and do with them. */
export interface Users {
  /**
   * The user with all identities (`openid`, `unionid`), which payments and messages need, and their phone number in full. For a user who was
   * merged the one they were merged into: `mergedIds` has the ids under which your own rows may still stand.
   */
  get(id: string): Promise<KnownUser | undefined>
  /** Takes a user's phone number away, as when it has passed on to somebody else. Answers whether there was one. */
  unbindPhone(id: string): Promise<boolean>
  /** Clears nickname, avatar or both (the default), as when they break rules; a picture kept here is removed. Answers whether there was something. */
  clearProfile(id: string, fields?: readonly ("nickname" | "avatarUrl")[]): Promise<boolean>
  /**
   * Deletes the account of a user as `DELETE /me` does: all sessions end at once, and everything is erased when `leavesAt` (milliseconds since
   * 1970) has come. With `now` there is no cooling-off. `undefined` if there is no such user, or they were merged into another.
   */
  delete(id: string, options?: { readonly now?: boolean }): Promise<{ readonly leavesAt: number } | undefined>
  /** Lets a user stay after all, until `leavesAt`. Answers whether it did. */
  restore(id: string): Promise<boolean>
  /** Everything that is held of a user, as `GET /me/export` answers it: JSON, without secrets. `undefined` if there is no such user. */
  export(id: string): Promise<ExportedData | undefined>
  /** Erases all whose time has come, now. Answers how many. It happens by itself within ten seconds: for tests, and for scripts. */
  purge(): Promise<number>
  /** One person who is two users, as far as unionids show it. Looks through everybody, a part at a time: go on while there is a `cursor`. */
  conflicts(cursor?: string): Promise<ConflictPage>
  /** What {@link merge} would do, or why it would be refused. */
  previewMerge(survivorId: string, absorbedId: string): Promise<MergePreview>
  /**
   * Makes two users one: what the absorbed user has is the survivor's, and their sessions end. With `dropPhone` the absorbed user's
   * phone number may go where both have one. Listen to `user.merged` to move your own rows.
   * @throws DengluError (as a rejection) `merge_refused`, `not_found`
   */
  merge(survivorId: string, absorbedId: string, options?: { readonly dropPhone?: boolean }): Promise<Merge>
  /**
   * Undoes a merge, within 30 days: gives back what it moved, as far as the survivor still has it.
   * @throws DengluError (as a rejection) `merge_refused`, `not_found`
   */
  undoMerge(mergeId: string): Promise<Merge>
  /**
   * Merges that were done or undone at `since` (milliseconds since 1970) or later, the oldest first, at most 1,000: also those of other
   * processes, whose events are not heard here.
   */
  merges(since: number): Promise<Merge[]>
}

/** A running login: its routes, its checks, and what business code may ask. */
export interface Login extends Guard {
  /** The routes as `(req, res, next)` for `node:http`, Express and Koa-likes. */
  readonly node: NodeListener
  /** The routes as `fetch(Request) → Response`, for Hono, Next and the rest. */
  readonly fetch: FetchHandler
  /** The routes there are, with the base path: for adapters, and for frameworks that want them listed. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  /** Whether a route answers this method at this path (base path included). */
  answers(method: string, pathname: string): boolean
  /**
   * What a valid access token says.
   * @throws DengluError (as a rejection) `token_invalid`, `token_expired` or `session_revoked`
   */
  verify(token: string): Promise<VerifiedToken>
  readonly users: Users
  /** The mini programs' `access_token`s, which all instances share; the login itself never needs one. */
  readonly appTokens: {
    /** A token that is good now. @throws DengluError if there is none and none can be had */
    get(appid: string): Promise<string>
    /** Runs the work with a token, and once more with another if what it throws has the `errcode` 40001, 40014 or 42001. */
    use<Result>(appid: string, work: (token: string) => Promise<Result>): Promise<Result>
  }
  readonly sessions: {
    /** The user's live sessions, the latest first. */
    list(userId: string): Promise<Session[]>
    /** Ends a session; answers whether it was live until now. In force here at once, elsewhere within a second. */
    revoke(sessionId: string): Promise<boolean>
    /** Ends all sessions of a user; answers how many. */
    revokeAll(userId: string): Promise<number>
  }
  readonly openData: {
    /**
     * What is in WeChat's open data (`encryptedData` with `iv`), or in raw data whose `signature` fits, as `POST /me/open-data`: the same
     * checks, the same 20 failures an hour. What comes out proves neither who somebody is nor a phone number.
     * @throws DengluError (as a rejection) `open_data_invalid`, `rate_limited`; `not_found` if there is no such live session
     */
    decrypt(sessionId: string, sent: SentOpenData): Promise<Readonly<Record<string, unknown>>>
  }
  readonly sessionKeys: {
    /** Asks WeChat whether the `session_key` we keep is still the person's. @throws DengluError (as a rejection) `not_found`, `wechat_…` */
    check(owner: KeyOwner): Promise<boolean>
    /**
     * Has WeChat replace the `session_key`, and keeps the new one. It ends when the old one would have.
     * @throws DengluError (as a rejection) `session_key_stale` if ours is no longer the person's, `not_found`, `wechat_…`
     */
    reset(owner: KeyOwner): Promise<void>
  }
  readonly userKeys: {
    /**
     * The last three keys that the person's phone has from `wx.getUserCryptoManager()`, the newest first.
     * @throws DengluError (as a rejection) `session_key_stale`, `not_found`, `wechat_…`
     */
    list(sessionId: string): Promise<readonly UserKey[]>
  }
  /** Third-party platforms (第三方平台), through which mini programs of others log in here. */
  readonly platforms: PlatformAdministration
  /** What was changed, by whom and when; see the guide. */
  readonly audit: {
    /**
     * A user's events (`""`: those about nobody, such as changes of signing keys), the latest first: at most `limit` (default 100), behind
     * `before`, for which the last event of the page before does.
     */
    list(
      userId: string,
      page?: { readonly limit?: number; readonly before?: EventPlace },
    ): Promise<AuditEvent[]>
    /** Goes through the whole chain. With `expect`, a head that was kept elsewhere, it finds out too whether the chain's end was cut off. */
    verify(given?: { readonly expect?: AuditHead }): Promise<AuditVerdict>
  }
  readonly keys: {
    /** Makes the next signing key the current one, now. Tokens signed before stay good. */
    rotate(): Promise<void>
  }
  /**
   * Where to send a web page after its login: `wanted` if it stands in `allowedRedirects`, letter by letter, else `undefined`. Anything cleverer than
   * equality has been an open redirect somewhere.
   */
  redirectTo(wanted: string | null | undefined): string | undefined
  /** Listens to what happens; answers the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void
  /** Makes `/readyz` answer 503, so that a load balancer sends nothing more; requests are still answered. */
  drain(): void
  /** Stops timers, closes the connections to WeChat and the store. */
  close(): Promise<void>
}
