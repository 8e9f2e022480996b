/** What the playground's server tells its page, and what the page may ask for. No secret is in it: masked on the server. */

/** A text in both languages. */
export interface Text {
  readonly en: string
  readonly zh: string
}

export type Party = "web" | "miniprogram" | "server" | "wechat" | "store"

/** One header, parameter or field of a body; a field inside another one is named `user.id`. */
export interface Field {
  readonly name: string
  /** As it was sent, or what may be seen of it: `021b…9xQ0`. */
  readonly value: string
  /** Set where `value` is masked: why it is secret. */
  readonly secret?: Text
  /** What it is for. */
  readonly explain?: Text
}

/** An access token, read as anybody can read it. */
export interface TokenView {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/** A row of the database that a request added, changed or removed. */
export interface RowChange {
  readonly table: string
  readonly change: "added" | "changed" | "removed"
  /** What the row is called by: an id. */
  readonly key: string
  readonly columns: readonly {
    readonly name: string
    readonly before?: string
    readonly after?: string
    readonly secret?: Text
  }[]
}

/** One arrow of the sequence, or one mark on a lifeline. */
export interface Message {
  /** Grows by one. */
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** A request and its reply share it. */
  readonly exchange: number
  /** Which of the nine steps of the login it is; `null` if none. */
  readonly step: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | null
  readonly from: Party
  readonly to: Party
  /** `event`: something that one party does by itself or suffers; `from` and `to` are that party. */
  readonly kind: "request" | "reply" | "lost" | "event"
  /** `POST /login`, `200 OK`, `wx.login()`, `INSERT users` */
  readonly line: string
  /** What happens, in a few words. */
  readonly title: Text
  /** What it means, where that needs saying. */
  readonly note: Text | null
  /** `null` for what is neither: a request. */
  readonly ok: boolean | null
  /** Milliseconds from request to reply. */
  readonly durationMs: number | null
  readonly headers: readonly Field[]
  readonly body: readonly Field[]
  readonly token: TokenView | null
  readonly rows: readonly RowChange[]
}

export interface Person {
  readonly name: string
  readonly title: Text
}

export type ControlName =
  | "code-used"
  | "code-expired"
  | "wechat-busy"
  | "slow-network"
  | "lost-response"
  | "rotate-session-key"
  | "restart-server"
  | "log-out-elsewhere"
  | "token-expired"
  | "clear"

export interface State {
  readonly people: readonly Person[]
  /** Who holds the phone. */
  readonly person: string
  /** The controls that are switched on and wait for the request they spoil. */
  readonly armed: readonly ControlName[]
  /** `down`: it did not come back from a restart. */
  readonly server: "up" | "restarting" | "down"
  readonly addresses: { readonly login: string; readonly simulator: string }
  /** Milliseconds by which the login server's clock is ahead of the real time. Default is 0. */
  readonly clockAhead?: number
}

/** An SMS that came to the phone. Its digits are shown on purpose, on the phone alone, and are not kept. */
export interface ReceivedSms {
  /** Grows by one. */
  readonly id: number
  /** The number, masked: `138****8000`. */
  readonly to: string
  readonly code: string
  /** For how long the digits are good. */
  readonly minutes: number
}

/** `GET /playground/feed` answers these as server-sent events, named by `kind`; the latest messages come first of all. */
export type FeedEvent =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "state"; readonly state: State }
  | { readonly kind: "cleared" }
  /**
   * The phone has to be loaded anew: somebody else holds it, or it opens the mini program by `launch`, as the stage takes it:
   * `1047:pages/scan/scan?scene=…`.
   */
  | { readonly kind: "phone"; readonly launch?: string }
  | { readonly kind: "sms"; readonly sms: ReceivedSms }

/** How the code on the computer's page is scanned. All but `camera` are attempts at somebody else's session. */
export type ScanWay = "camera" | "stolen-picture" | "late" | "wrong-number"

/** What a phone that is pointed at the computer sees. */
export interface ScanRequest {
  readonly control: "scan"
  readonly way: ScanWay
  /** The code, as a `data:` URL. */
  readonly image: string
  /** The two digits beside it. */
  readonly number: string
}

/** `POST /playground/control` takes one of these, as JSON; 204, or 400 with a {@link ControlRefusal}. */
export type ControlRequest =
  | { readonly control: ControlName }
  | { readonly control: "person"; readonly person: string }
  | ScanRequest

export interface ControlRefusal {
  readonly error: Text
}
