import type { SimulatedClock } from "../clock.ts"
import { derivedId } from "../identifiers.ts"
import type { World } from "../world.ts"
import type { PushAttempt, PushOutcome, PushSettings, PushTarget } from "./push.ts"
import { type SignedPush, signPush } from "./sign-push.ts"

/** Sends pushes as WeChat does: it waits five seconds for `success`, and tries three times more. */
export interface PushDesk {
  /** Begins to send. @throws TypeError for what the sender must change */
  send(settings: PushSettings): SentPush
  /** Begins to send what is not about a person. @throws TypeError for a target that can't be */
  sendTo(target: PushTarget, message: PlatformMessage): SentPush
  /** The latest, the oldest first. */
  list(): readonly PushOutcome[]
  reset(): void
}

/** A push that was begun. */
export interface SentPush {
  readonly number: number
  readonly done: Promise<PushOutcome>
}

/** A message of the platform's own. */
export interface PlatformMessage {
  /** The platform's. */
  readonly appid: string
  readonly event: string
  readonly fields: Readonly<Record<string, string | number>>
  /** How long (ms) WeChat waits for an answer. */
  readonly waitMs: number
  /** How long (ms) from one try to the next, at least. */
  readonly pauseMs: number
}

const retries = 3
const pushesKept = 100

/** What a desk works with. */
export interface PushDeskOptions {
  readonly world: World
  readonly clock: SimulatedClock
  readonly fetch: typeof globalThis.fetch
}

export function createPushDesk({ world, clock, fetch }: PushDeskOptions): PushDesk {
  const targets = new Map<string, PushTarget>()
  const outcomes = new Map<number, PushOutcome>()
  let count = 0

  async function deliver(outcome: PushOutcome, target: PushTarget, settings: Sending) {
    const { fields, waitMs, pauseMs } = settings
    const attempts: PushAttempt[] = []
    const note = (state: PushOutcome["state"]) => {
      const now = { ...outcome, state, attempts: [...attempts] }
      if (outcomes.has(outcome.number)) outcomes.set(outcome.number, now)
      return now
    }
    for (let tries = 0; tries <= retries; tries += 1) {
      const pause = sleep(pauseMs)
      const content = { appid: outcome.appid, fields, timestamp: Math.floor(clock.now() / 1000) }
      const attempt = await post(fetch, signPush(target, content), waitMs)
      attempts.push(attempt)
      if (isGood(attempt)) return note("delivered")
      note("under way")
      if (tries < retries) await pause
    }
    return note("given up")
  }

  function begin(base: Omit<PushOutcome, "number">, target: PushTarget, settings: Sending) {
    count += 1
    const outcome = { ...base, number: count }
    outcomes.set(count, outcome)
    for (const old of outcomes.keys()) if (old <= count - pushesKept) outcomes.delete(old)
    return deliver(outcome, target, settings)
  }

  return {
    sendTo(target, { appid, event, ...sending }) {
      const base = { appid, event, openid: "", state: "under way", attempts: [] } as const
      const done = begin(base, settleTarget(target, undefined), sending)
      return { number: count, done }
    },
    send(settings) {
      const { user, event, waitMs = 5_000, pauseMs = waitMs, copies = 1 } = settings
      const { app, openid } = world.membership(settings.appid, user)
      const target = settleTarget(settings, targets.get(app.appid))
      if (!/^\w{1,100}$/.test(event))
        throw new TypeError("event must be a name such as user_authorization_revoke")
      if (!isWhole(waitMs, 10, 60_000)) throw new TypeError("waitMs must be a whole number from 10 to 60000")
      if (!isWhole(pauseMs, 1, 60_000)) throw new TypeError("pauseMs must be a whole number from 1 to 60000")
      if (!isWhole(copies, 1, 100)) throw new TypeError("copies must be a whole number from 1 to 100")
      targets.set(app.appid, target)
      const fields = {
        ToUserName: `gh_${derivedId("account", app.appid).slice(1, 13).toLowerCase()}`,
        FromUserName: derivedId("platform"),
        CreateTime: Math.floor(clock.now() / 1000),
        MsgType: "event",
        Event: event,
        OpenID: openid,
        AppID: app.appid,
        ...(event === "user_authorization_revoke" ? { RevokeInfo: "6" } : {}),
        ...settings.fields,
      }
      const base = { appid: app.appid, event, openid, state: "under way", attempts: [] } as const
      const sent = Array.from({ length: copies }, () => begin(base, target, { fields, waitMs, pauseMs }))
      return { number: count, done: Promise.all(sent).then(all => all.at(-1) as PushOutcome) }
    },
    list: () => [...outcomes.values()],
    reset() {
      targets.clear()
      outcomes.clear()
    },
  }
}

interface Sending {
  readonly fields: Readonly<Record<string, string | number>>
  readonly waitMs: number
  readonly pauseMs: number
}

function settleTarget(settings: Partial<PushTarget>, last: PushTarget | undefined): PushTarget {
  const url = settings.url ?? last?.url ?? ""
  const token = settings.token ?? last?.token ?? ""
  const encodingAesKey =
    settings.encodingAesKey ?? (settings.url === undefined ? last?.encodingAesKey : undefined)
  const format = settings.format ?? last?.format ?? "json"
  if (!URL.canParse(url) || !/^http:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?\//.test(url))
    throw new TypeError("url must be on this machine: http://127.0.0.1:3000/wechat/push/<appid>")
  if (!/^[0-9A-Za-z]{3,32}$/.test(token)) throw new TypeError("token must be 3 to 32 letters and digits")
  if (encodingAesKey !== undefined && !/^[0-9A-Za-z]{43}$/.test(encodingAesKey))
    throw new TypeError("encodingAesKey must be 43 letters and digits")
  if (format !== "json" && format !== "xml") throw new TypeError('format must be "json" or "xml"')
  return { url, token, format, ...(encodingAesKey === undefined ? {} : { encodingAesKey }) }
}

async function post(
  fetch: typeof globalThis.fetch,
  { url, body, contentType }: SignedPush,
  waitMs: number,
): Promise<PushAttempt> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": contentType, "user-agent": "Mozilla/4.0" },
      redirect: "error",
      signal: AbortSignal.timeout(waitMs),
    })
    return { status: response.status, text: (await response.text()).slice(0, 1_000) }
  } catch (error) {
    return { status: undefined, text: error instanceof Error ? error.name : "failed" }
  }
}

function isGood({ status, text }: PushAttempt): boolean {
  return status === 200 && (text === "" || text === "success" || /"Encrypt"|<Encrypt>/.test(text))
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms).unref()
  })
}
