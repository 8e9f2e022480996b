import { LoginError } from "./login-error.ts"
import type { IssuedReply, ScanStatus, StartScanReply, User } from "./wire.ts"

/** What a page shows of a scan. */
export interface ScanView {
  /** A code to show, with the number to show beside it. Called anew when a code has run out. */
  onCode(code: { readonly image: string; readonly number: string; readonly expiresIn: number }): void
  /** Where the scan is. */
  onStatus?(status: ScanStatus): void
}

/** A scan under way. */
export interface Scan {
  /** The user who is logged in by it. @throws LoginError `scan_denied`-like codes of the server, `cancelled`, `network` */
  readonly done: Promise<User>
  /** Breaks it off. */
  cancel(): void
}

export interface ScanParts {
  /** Sends a request about a scan. */
  readonly send: (
    method: "GET" | "POST",
    path: string,
    options: { readonly body?: object; readonly secret?: string | undefined; readonly signal: AbortSignal },
  ) => Promise<unknown>
  readonly take: (reply: IssuedReply) => User
  readonly binding: "cookie" | "value"
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Seconds the server keeps a question open until something has changed. */
export const scanWait = 20
/** Questions in a row that may fail before it is given up. */
const mostFailures = 5
/** Codes that are fetched anew in a row while nobody scans: a page left open for the night stops asking. */
const mostCodes = 10

/** Asks for a code, shows it, waits for the person, and takes the session. A code that runs out unopened is replaced. */
export function startScan({ send, take, binding, pause }: ScanParts, view: ScanView): Scan {
  const controller = new AbortController()
  const { signal } = controller

  async function run(): Promise<User> {
    for (let codes = 0; codes < mostCodes; codes += 1) {
      const started = (await send("POST", "/scan", { body: { binding }, signal })) as StartScanReply
      const { id, image, number, expires_in: expiresIn, secret } = started
      view.onCode({ image, number, expiresIn })
      const end = await follow(id, secret)
      if (end === "confirmed")
        return take((await send("POST", `/scan/${id}/redeem`, { secret, signal })) as IssuedReply)
      if (end !== "expired") throw new LoginError("cancelled")
    }
    throw new LoginError("timeout")
  }

  /** Answers how it ended. */
  async function follow(id: string, secret: string | undefined): Promise<ScanStatus> {
    let status: ScanStatus = "waiting"
    view.onStatus?.(status)
    for (let failures = 0; ; ) {
      try {
        const path = `/scan/${id}?wait=${scanWait}&status=${status}`
        const answer = (await send("GET", path, { secret, signal })) as { readonly status: ScanStatus }
        failures = 0
        if (answer.status === status) continue
        status = answer.status
        view.onStatus?.(status)
        if (status !== "waiting" && status !== "opened") return status
      } catch (error) {
        failures += 1
        const { retryable, retryAfter } = error as LoginError
        if (signal.aborted || retryable !== true || failures > mostFailures) throw error
        await pause((retryAfter ?? failures) * 1000, signal)
      }
    }
  }

  return {
    done: run().catch((error: unknown) => {
      throw signal.aborted ? new LoginError("cancelled") : error
    }),
    cancel: () => controller.abort(),
  }
}
