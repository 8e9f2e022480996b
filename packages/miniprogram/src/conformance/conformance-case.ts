import type { PretendWx } from "./pretend-wx.ts"

/** A client as the suite sees it: what is tested is behind these three. */
export interface ConformanceClient {
  /** Sends a request as the user, logged in as need be, and answers its data. A path goes to the setting's `baseUrl`. */
  request(options: {
    readonly url: string
    readonly method?: "GET" | "POST"
    readonly data?: object
  }): Promise<unknown>
  /** Logs in as the person taps. */
  login?(): Promise<unknown>
  /** Logs out as the person taps. */
  logout?(): Promise<unknown>
}

/** What a client is made for. */
export interface ConformanceSetting {
  /** Shaped as `wx`. Its storage outlives the client. */
  readonly platform: PretendWx
  /** Where the login server and the business calls are, without a slash at its end. */
  readonly baseUrl: string
  /** Milliseconds until the client should count a request, or `wx.login`, as lost. */
  readonly timeoutMs: number
}

/**
 * Makes a client, as at the start of a mini program. Is called again with the same setting where a case starts the
 * mini program anew: nothing but the platform's storage may outlive a client.
 */
export type CreateConformanceClient = (setting: ConformanceSetting) => ConformanceClient

/** What not every client has. */
export type ConformanceNeed = "logout" | "refresh tokens"

export interface ConformanceCase {
  /** A rule in words. */
  readonly name: string
  /** What happens to people where the rule is broken. */
  readonly why: string
  /** Who has no such thing is not meant by the rule, and breaks it. Absent: the rule is for all. */
  readonly needs?: ConformanceNeed
  /** Ends in any case, within a few seconds. @throws ConformanceFailure with what was seen instead */
  run(create: CreateConformanceClient): Promise<void>
}

/** A client broke a rule. */
export class ConformanceFailure extends Error {
  /** What was seen, as `wx.login: 10 times, not once`. */
  readonly seen: string

  constructor(seen: string) {
    super(seen)
    this.name = "ConformanceFailure"
    this.seen = seen
  }
}
