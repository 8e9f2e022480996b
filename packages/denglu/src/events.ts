import type { ErrorCode } from "./errors.ts"
import type { BoundPhone } from "./store/phone-store.ts"
import type { RevocationReason, SessionWay, SmsPurpose } from "./store/store.ts"

/**
 * What happens during a login, as it happens. No event holds a secret, a code, a token or a `session_key`;
 * `requestId` joins the events of one request.
 */
export interface Events {
  /** A login code arrived. */
  "code.received": { readonly appid: string; readonly requestId: string }
  /** WeChat answered a code, of a login or of a phone number: with what stands behind it, or with an errcode. `durationMs` is what the call took. */
  "wechat.answered": {
    readonly appid: string
    readonly requestId: string
    readonly endpoint: string
    readonly durationMs: number
    readonly errcode: number
    readonly hasUnionid: boolean
  }
  "user.created": { readonly userId: string; readonly appid: string; readonly requestId: string }
  /**
   * A login brought an identity the unionid of another user: one person is two users. Nothing was moved; `login.users.conflicts()` lists them,
   * a merge ends it. Once a day for the same two.
   */
  "user.conflict": {
    readonly userId: string
    readonly otherUserId: string
    readonly appid: string
    readonly requestId: string
  }
  /**
   * Two users are one now: whatever you keep under `absorbedId` is `survivorId`'s. Emitted where it was done; what a process that merges by
   * the command line did is in `login.users.merges()`.
   */
  "user.merged": MergeFacts
  /** A merge was undone: what was `absorbedId`'s before it is theirs again. */
  "user.merge_undone": MergeFacts
  /** The user can log in by another identity besides; `identity.detached`: by one less. */
  "identity.attached": { readonly userId: string; readonly appid: string; readonly requestId: string }
  "identity.detached": { readonly userId: string; readonly appid: string; readonly requestId: string }
  "user.updated": { readonly userId: string; readonly fields: readonly string[]; readonly requestId: string }
  /** The user has deleted their account, or an operator has, or their WeChat account is gone: no login and no session of theirs works from now on. */
  "user.leaving": {
    readonly userId: string
    /** When everything of the user is erased; until then it can be restored. */
    readonly leavesAt: number
    readonly requestId: string
  }
  "user.restored": { readonly userId: string; readonly requestId: string }
  /** Everything of the user is erased here. What must come before it, and may fail, is for the option `onPurge`. */
  "user.purged": {
    readonly userId: string
    /** Users who had been merged into this one: erased too. */
    readonly mergedIds: readonly string[]
  }
  /** A user has a phone number now, or has proved again that it is theirs (`renewed`). Tell the person: it may not have been them. */
  "phone.bound": {
    readonly userId: string
    readonly appid: string
    /** Masked: `+86138****8000`. */
    readonly phone: string
    readonly outcome: BoundPhone["kind"]
    readonly requestId: string
  }
  "phone.unbound": {
    readonly userId: string
    readonly by: "user" | "operator" | "wechat"
    readonly requestId: string
  }
  /** A phone number did not come about. `phone_taken`: it belongs to another user. */
  "phone.refused": {
    readonly userId: string
    readonly appid: string
    readonly code: ErrorCode
    readonly requestId: string
  }
  /** The user has a password now, or another one. Tell the person: it may not have been them. */
  "password.set": {
    readonly userId: string
    /** `set`: they had none before. */
    readonly outcome: "registered" | "set" | "changed"
    readonly requestId: string
  }
  "password.removed": { readonly userId: string; readonly requestId: string }
  /** Digits are on their way to a number, as far as whoever sends them says. Many of them: somebody may live on what they cost you. */
  "sms.sent": SmsFacts
  /** Digits could not be sent: nothing of them is kept. `reason` is the provider's word for it. */
  "sms.failed": SmsFacts & { readonly reason: string }
  "session.issued": {
    readonly sessionId: string
    readonly userId: string
    readonly appid: string
    readonly isNew: boolean
    readonly openedBy: SessionWay
    readonly requestId: string
  }
  "session.refreshed": {
    readonly sessionId: string
    readonly userId: string
    readonly counter: number
    readonly requestId: string
  }
  /** The token before the current one came again within the grace window and got the same successor. */
  "refresh.replayed": { readonly sessionId: string; readonly userId: string; readonly requestId: string }
  /** A refresh token that was used up came back: its whole family is revoked. Somebody may hold a copy. */
  "refresh.reuse_detected": {
    readonly sessionId: string
    readonly userId: string
    readonly requestId: string
  }
  "session.revoked": {
    readonly sessionIds: readonly string[]
    readonly userId: string | undefined
    readonly reason: RevocationReason
    readonly requestId: string
  }
  /** Another system was lent the app's `access_token`; `refused`: it said that WeChat had refused the one before. */
  "app_token.borrowed": {
    readonly appid: string
    readonly borrower: string
    readonly refused: boolean
    readonly requestId: string
  }
  /**
   * WeChat pushed a message (see `push` of an app): once, however often WeChat sends it. What it means for sessions has been done. `userId` is the user it is
   * about, if it is about one who logged in here.
   */
  "wechat.push": PushMessage & { readonly userId: string | undefined; readonly requestId: string }
  /** Open data came that could not be read, or was not what it should be. Many of them: somebody may be trying to forge it. */
  "open_data.refused": {
    readonly sessionId: string
    readonly userId: string
    readonly appid: string
    readonly code: ErrorCode
    readonly requestId: string
  }
  /** WeChat was asked for another `session_key` of a person, and gave it. */
  "session_key.reset": { readonly userId: string; readonly appid: string }
  /** A person confirmed on the phone that a browser be logged in as them. `scanId` is the ticket's. */
  "scan.confirmed": ScanAnswer
  /** A person refused a browser's login, or typed a wrong number. */
  "scan.denied": ScanAnswer & { readonly reason: "denied" | "number_wrong" }
  /** A person says that they did not ask for the login they were shown: somebody else may have shown them the code. */
  "scan.reported": ScanAnswer
  /** A mini program has authorised a third-party platform of ours, or has granted it something else. Once, however often WeChat says so. */
  "platform.authorized": PlatformFacts
  /** A mini program has withdrawn its authorisation: nobody logs in with it any more. Who is logged in stays so, until you end their sessions. */
  "platform.unauthorized": PlatformFacts
  "signing_keys.rotated": { readonly currentKid: string }
  /** A login did not come about. */
  "login.failed": { readonly appid: string; readonly code: ErrorCode; readonly requestId: string }
}

interface MergeFacts {
  readonly mergeId: string
  readonly survivorId: string
  readonly absorbedId: string
  readonly requestId: string
}

interface PlatformFacts {
  readonly platformAppid: string
  /** The mini program's. */
  readonly appid: string
  readonly requestId: string
}

interface SmsFacts {
  readonly purpose: SmsPurpose
  /** Masked: `+86138****8000`. */
  readonly phone: string
  readonly requestId: string
}

interface ScanAnswer {
  readonly scanId: string
  readonly userId: string
  readonly appid: string
  readonly requestId: string
}

/** What WeChat tells of the people of an app (its page "authorized_user_information_changes"), and whatever else it pushes. */
export type PushMessage = UserPush | OtherPush

interface PushedFrom {
  readonly appid: string
  /** When WeChat made it, in milliseconds since 1970, to the second. `undefined` if it doesn't say. */
  readonly createdAt: number | undefined
}

interface AboutUser extends PushedFrom {
  /** Whom it is about; WeChat has been seen to leave it out. */
  readonly openid: string | undefined
  /** The plugin it is about, if it is not about the mini program itself. */
  readonly pluginId: string | undefined
}

/** A push about a person. */
export type UserPush =
  /** WeChat cleared a nickname or an avatar that broke its rules. */
  | (AboutUser & { readonly kind: "user_info_modified" })
  /** The person withdrew what they had allowed: its data must be deleted. */
  | (AboutUser & {
      readonly kind: "user_authorization_revoke"
      /** What was withdrawn, as WeChat numbers it: `"6"` nickname and avatar, `"8"` phone number, `"13"` location … */
      readonly revokeInfo: readonly string[]
    })
  /** The person's WeChat account is gone. */
  | (AboutUser & { readonly kind: "user_authorization_cancellation" })

/** Any other push. What else stands in it stays out of the events: it may be anything. */
export interface OtherPush extends PushedFrom {
  readonly kind: "other"
  /** `text`, `event` … */
  readonly msgType: string
  /** Which event, if it is one: `subscribe_msg_popup_event` … */
  readonly event: string | undefined
}

export type EventName = keyof Events
export type EventListener<Name extends EventName> = (event: Events[Name]) => void

/** Hands events to listeners. A listener that throws or rejects does not disturb the login; `onError` hears of it. */
export interface EventHub {
  /** Adds a listener; answers the function that removes it. */
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): () => void
  emit<Name extends EventName>(name: Name, event: Events[Name]): void
}

export function createEventHub(onError: (error: unknown) => void): EventHub {
  const listeners = new Map<EventName, Set<(event: never) => unknown>>()
  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener)
      return () => {
        set.delete(listener)
      }
    },
    emit(name, event) {
      const set = listeners.get(name)
      if (set === undefined) return
      for (const listener of set) {
        try {
          const result = listener(event as never)
          if (result instanceof Promise) result.catch(onError)
        } catch (error) {
          onError(error)
        }
      }
    },
  }
}
