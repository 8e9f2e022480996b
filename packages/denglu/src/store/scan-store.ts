import type { NewSession, Session, UserProfile } from "./store.ts"

/**
 * What a store promises about logins by scanning. A ticket goes one way: `waiting` → `opened` → `confirmed` → `redeemed`, or from
 * `opened` or `confirmed` to `denied`; from `expiresAt` on it goes nowhere any more. Each step is one statement that looks and writes: of
 * N callers at once exactly one takes it.
 */
export interface ScanStore {
  /** Keeps a new ticket, `waiting`. */
  createScan(scan: NewScan): Promise<void>

  /** The tickets of these ids that are kept, whatever became of them; at most 100 ids. A minute after their end they are dropped by `purge`. */
  findScans(ids: readonly string[]): Promise<Scan[]>

  /**
   * Lets the person who scanned have the ticket. The first one gets it, and gets it again as long as they have not answered; for
   * everybody else it is `taken`. `not_scanned`: the asking session is over, or was itself opened by scanning: a browser confirms no
   * other browser.
   */
  openScan(request: OpenScan): Promise<OpenScanOutcome>

  /** The opener's answer yes, with the number. A wrong number makes the ticket `denied`: nobody guesses twice. */
  confirmScan(request: ConfirmScan): Promise<ConfirmScanOutcome>

  /** The opener's answer no, also after a yes that was not redeemed yet. Answers whether it was in time. */
  denyScan(request: DenyScan): Promise<boolean>

  /**
   * Opens the browser's session if the ticket is confirmed, the secret is its own, and the session that confirmed it is still live: a
   * logout between the two wins.
   */
  redeemScan(request: RedeemScan): Promise<RedeemScanOutcome>
}

/** How a session came to be: by a code of WeChat's, because the person scanned a code in another browser and confirmed, by a password, by digits in an SMS. */
export type SessionWay = "code" | "scan" | "password" | "sms"

export type ScanState = "waiting" | "opened" | "confirmed" | "denied" | "redeemed"

export interface NewScan {
  readonly id: string
  /** Of the scene in the code. The scene itself is kept nowhere. */
  readonly sceneDigest: string
  /** Of the secret that only the browser has. */
  readonly secretDigest: string
  /** Two digits, shown in the browser. */
  readonly number: string
  /** The mini program that the code opens. */
  readonly appid: string
  /** The page's origin, where it is one of `allowedOrigins`. */
  readonly origin: string | null
  /** `User-Agent` of the browser, cut to 256 characters. */
  readonly userAgent: string
  /** What the option `scan.place` said of the browser's address, cut to 64 characters. */
  readonly place: string | null
  readonly createdAt: number
  readonly expiresAt: number
}

export interface Scan extends NewScan {
  readonly state: ScanState
  /** Who opened it. */
  readonly userId: string | null
}

export interface OpenScan {
  readonly sceneDigest: string
  readonly userId: string
  readonly sessionId: string
  readonly appid: string
  readonly now: number
}

export interface ConfirmScan {
  readonly id: string
  readonly userId: string
  readonly sessionId: string
  readonly number: string
  readonly now: number
}

export interface DenyScan {
  readonly id: string
  readonly userId: string
  readonly sessionId: string
  /** The person did not ask for this login: somebody else showed them the code. */
  readonly notMe: boolean
  readonly now: number
}

export interface RedeemScan {
  readonly id: string
  readonly secretDigest: string
  readonly now: number
  /** Its `userAgent` is the browser's. */
  readonly session: NewSession
}

export type OpenScanOutcome =
  | { readonly kind: "opened"; readonly scan: Scan }
  | { readonly kind: "taken" | "not_scanned" | "invalid" }

export interface ConfirmScanOutcome {
  readonly kind: "confirmed" | "number_wrong" | "taken" | "invalid"
}

export type RedeemScanOutcome =
  | { readonly kind: "redeemed"; readonly session: Session; readonly user: UserProfile }
  | { readonly kind: "pending" | "denied" | "invalid" }
