import type { ScanBy, ScannedLaunch } from "@denglu/simulator"
import type { LoginOptions } from "denglu"
import { type Answer, type Harness, startHarness, type TokenAnswer } from "./harness.ts"

export const chromeOnWindows =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

export const scanHarness = (options: Partial<LoginOptions> = {}) =>
  startHarness({ scan: { siteName: "示例商城" }, ...options })

type Headers = Readonly<Record<string, string>>

/** A page that wants to be logged in by scanning, in a browser that keeps the cookie. */
export interface Browser {
  readonly id: string
  readonly number: string
  readonly image: Uint8Array
  /** The headers that prove the ticket is this browser's. */
  readonly proof: Headers
  readonly answer: Answer
  status(query?: string): Promise<Answer>
  redeem(): Promise<Answer>
}

export function cookieOf(answer: Answer): string | undefined {
  return /^__Host-denglu-scan=[^;]*/.exec(answer.headers.get("set-cookie") ?? "")?.[0]
}

/** Asks for a code. @throws Error if there is none */
export async function openBrowser(
  harness: Harness,
  { headers = {}, body, address }: { headers?: Headers; body?: unknown; address?: string } = {},
): Promise<Browser> {
  const own = { "user-agent": chromeOnWindows, ...headers }
  const answer = await harness.send("POST", "/scan", {
    headers: own,
    ...(body === undefined ? {} : { body }),
    ...(address === undefined ? {} : { address }),
  })
  if (answer.status !== 200) throw new Error(`POST /scan answered ${answer.status}: ${answer.text}`)
  const { id, number, image, secret } = answer.body
  const proof: Headers =
    secret === undefined ? { cookie: cookieOf(answer) ?? "" } : { "denglu-scan-secret": secret }
  return {
    id,
    number,
    image: Buffer.from(image.split(",")[1], "base64"),
    proof,
    answer,
    status: (query = "") => harness.send("GET", `/scan/${id}${query}`, { headers: { ...own, ...proof } }),
    redeem: () => harness.send("POST", `/scan/${id}/redeem`, { headers: { ...own, ...proof } }),
  }
}

/** A person with a phone on which they are logged in. */
export interface Phone {
  readonly tokens: TokenAnswer
  /** Comes to a code's page, and asks who wants to be logged in. */
  scan(image: Uint8Array, by?: ScanBy): Promise<Answer>
  /** Opens what a phone was led to. */
  open(launch: ScannedLaunch): Promise<Answer>
  confirm(id: string, number: string): Promise<Answer>
  deny(id: string, body?: object): Promise<Answer>
}

export async function takePhone(harness: Harness, person: string): Promise<Phone> {
  const tokens = await harness.logIn(person)
  const send = (path: string, body?: unknown) =>
    harness.send("POST", path, { token: tokens.access_token, ...(body === undefined ? {} : { body }) })
  const open = ({ query, scene }: ScannedLaunch) =>
    send("/scan/open", { scene: decodeURIComponent(query.scene), launch_scene: scene })
  return {
    tokens,
    open,
    scan(image, by = "camera") {
      const launch = harness.simulator.scanCode({ image, by })
      if (launch === undefined) throw new Error("the camera sees no code")
      return open(launch)
    },
    confirm: (id, number) => send(`/scan/${id}/confirm`, { number }),
    deny: (id, body) => send(`/scan/${id}/deny`, body),
  }
}
