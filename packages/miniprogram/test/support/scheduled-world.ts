import { createLogin, type Login, LoginError, type Platform } from "@denglu/miniprogram"
import type { Scheduler } from "fast-check"
import { vi } from "vitest"
import { createPretendServer, type PretendServer } from "./pretend-server.ts"
import { createScriptedPlatform, type ScriptedCall } from "./scripted-platform.ts"
import { baseUrl } from "./start.ts"

export type Command =
  | "request"
  | "ready"
  | "login"
  | "fresh"
  | "restore"
  | "logout"
  | "everywhere"
  | "expire"
  | "revoke"
  | "delete"
  | "wait 1 s"
  | "wait 12 s"
  | "wait 60 s"

/** What becomes of a call: `cut` never arrives, `lost` and `silent` do, but the answer fails or never comes. */
export type Fate = "well" | "cut" | "lost" | "silent"

/** A mini program whose every answer arrives when the scheduler says so. */
export interface ScheduledWorld {
  readonly login: Login<Platform>
  readonly server: PretendServer
  readonly calls: readonly ScriptedCall[]
  /** What was seen that must not be. */
  readonly violations: string[]
  /** How what was asked for ended: `request fulfilled`, `login logged_out`. */
  readonly outcomes: string[]
  /** What was asked for and has not settled. */
  pending(): readonly string[]
  /** How many calls had been made at the last logout that no login() followed; `undefined` if there is none. */
  callsAtLogout(): number | undefined
  /** Runs the commands, interleaved with whatever they set off, until nothing is under way. */
  run(commands: readonly Command[]): Promise<void>
}

const isTap = (command: string) => ["login", "fresh", "restore"].includes(command)
const seconds: Partial<Record<Command, number>> = { "wait 1 s": 1, "wait 12 s": 12, "wait 60 s": 60 }
const asking = "/orders/"
const step = 500
const patience = 10_000

/** As in a mini program: between two events everything runs that was made ready by the first. */
export async function drained(): Promise<void> {
  await new Promise(setImmediate)
}

/**
 * @param fates what becomes of the calls, in order, and `well` for the rest. Without any nothing gets lost: then time only
 * passes while no call is under way.
 */
export function createScheduledWorld(scheduler: Scheduler, fates?: readonly Fate[]): ScheduledWorld {
  const server = createPretendServer()
  const violations: string[] = []
  const outcomes: string[] = []
  const pending = new Map<Promise<unknown>, string>()
  const loginCalls: {
    readonly call: ScriptedCall
    readonly epoch: number
    readonly at: number
    over: boolean
  }[] = []
  /** The newest refresh token that arrived, of each session. */
  const arrived = new Map<string, number>()
  /** Sessions whose code was fetched before the last logout: their tokens are only used to end them. */
  const epochOfCode = new Map<string, number>()
  const epochOfSession = new Map<string, number>()
  const triesOf = new Map<string, number>()
  let epoch = 0
  let fated = 0
  let underWay = 0
  let codes = 0
  let callsAtLogout: number | undefined
  /** How many codes may still be asked for, once it was heard that the account is deleted: those of taps before that. */
  let codesLeft: number | undefined

  const phone = createScriptedPlatform({ onCall: call => void answer(call) })
  const login = createLogin({ baseUrl, platform: phone.platform })

  async function answer(call: ScriptedCall): Promise<void> {
    const fate = fates?.[fated++] ?? "well"
    const entry = watchLogin(call)
    if (call.path === "/refresh") countTry(call)
    if (call.path.startsWith(asking)) judgeRequest(call)
    underWay += 1
    const arrives = async (what: string) => {
      await scheduler.schedule(Promise.resolve(), `${what} of ${call.path || call.api} ${fate}`)
      return !call.aborted
    }
    if (call.api === "login") await answerCode(call, fate, arrives)
    else await answerRequest(call, fate, arrives)
    underWay -= 1
    if (fate !== "silent" && entry !== undefined) entry.over = true
  }

  async function answerCode(call: ScriptedCall, fate: Fate, arrives: (what: string) => Promise<boolean>) {
    await arrives("answer")
    if (call.aborted || fate === "silent") return
    if (fate !== "well") return call.refuse()
    const code = `code-${++codes}`
    epochOfCode.set(code, epoch)
    call.succeed({ code })
  }

  async function answerRequest(call: ScriptedCall, fate: Fate, arrives: (what: string) => Promise<boolean>) {
    if (fate === "cut") return (await arrives("failure")) && call.refuse()
    if (!(await arrives("arrival"))) return
    const { data } = call.options
    const reply = server.receive(call.path, data, call.token)
    if (call.path === "/refresh") judgeRefresh()
    const tokens = reply.data as { session_id?: string; refresh_token?: string }
    if (call.path === "/login" && tokens.session_id !== undefined)
      epochOfSession.set(tokens.session_id, epochOfCode.get((data as { code: string }).code) ?? 0)
    if (fate === "silent" || !(await arrives("answer"))) return
    if (fate === "lost") return call.refuse()
    if (call.path === "/login" && epochOfCode.get((data as { code: string }).code) === epoch)
      codesLeft = reply.statusCode === 403 ? 2 * [...pending.values()].filter(isTap).length : undefined
    if (tokens.session_id !== undefined)
      arrived.set(tokens.session_id, Number(tokens.refresh_token?.split(":")[2]))
    call.answer(reply.data, reply.statusCode)
  }

  /** Of one epoch there is one way to a session at a time: `wx.login`, or `POST /login`. */
  function watchLogin(call: ScriptedCall) {
    if (call.api !== "login" && call.path !== "/login") return undefined
    if (call.api === "login" && codesLeft !== undefined && --codesLeft < 0)
      violations.push("a login of a deleted account without a tap")
    const now = Date.now()
    for (const other of loginCalls)
      if (!other.over && !other.call.aborted && other.epoch === epoch && now - other.at < patience)
        violations.push(`two logins in flight: ${other.call.path} and ${call.path}`)
    const entry = { call, epoch, at: now, over: false }
    loginCalls.push(entry)
    return entry
  }

  function countTry({ options }: ScriptedCall): void {
    const { refresh_token } = options.data as { refresh_token: string }
    triesOf.set(refresh_token, (triesOf.get(refresh_token) ?? 0) + 1)
  }

  /** A request says the epoch in which the person asked for it: nothing of before a logout is done after it. */
  function judgeRequest({ path, token }: ScriptedCall): void {
    const asked = Number(path.slice(asking.length))
    const session = epochOfSession.get(token?.split(":")[1] ?? "")
    if (asked !== epoch || asked !== session)
      violations.push(`${path} was sent in ${epoch}, with a session of ${session}`)
  }

  function judgeRefresh(): void {
    const { sessionId, counter, decision } = server.presented.at(-1) ?? {
      sessionId: "",
      counter: 0,
      decision: "",
    }
    if (epochOfSession.get(sessionId) !== epoch) return
    const token = `refresh:${sessionId}:${counter}`
    const tries = triesOf.get(token) ?? 0
    if (counter < (arrived.get(sessionId) ?? 0))
      violations.push(`${token} was sent though a newer one had arrived`)
    // The first two tries of one refresh are always inside the window; later ones may come after a long time without network.
    if (decision === "reuse" && tries < 3) violations.push(`${token} was burnt by try ${tries}`)
  }

  function track(what: string, promise: Promise<unknown>): void {
    const settle = (outcome: string) => {
      pending.delete(promise)
      outcomes.push(`${what} ${outcome}`)
    }
    pending.set(promise, what)
    promise.then(
      () => settle("fulfilled"),
      error => {
        if (!(error instanceof LoginError)) violations.push(`${what} failed with ${error}`)
        settle(error.code)
      },
    )
  }

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      vi.advanceTimersByTime(step)
      await drained()
    }
  }

  async function obey(command: Command): Promise<void> {
    const time = seconds[command]
    if (time !== undefined) return fates === undefined && underWay > 0 ? undefined : pass(time * 1000)
    if (command === "expire") return server.expireAccessTokens()
    if (command === "revoke") return server.revokeAll()
    if (command === "delete") return server.deleteAccount()
    if (command === "request") return track(command, login.request({ url: `${asking}${epoch}` }))
    if (command === "ready") return track(command, login.ready())
    if (isTap(command)) {
      callsAtLogout = undefined
      codesLeft = undefined
      return track(command, login.login({ [command]: true }))
    }
    epoch += 1
    track(command, login.logout({ everywhere: command === "everywhere" }))
    callsAtLogout = phone.calls.length
  }

  return {
    login,
    server,
    calls: phone.calls,
    violations,
    outcomes,
    pending: () => [...pending.values()],
    callsAtLogout: () => callsAtLogout,
    async run(commands) {
      scheduler.scheduleSequence(
        commands.map(command => ({ label: `command ${command}`, builder: () => obey(command) })),
      )
      for (let round = 0; scheduler.count() > 0 || vi.getTimerCount() > 0; round += 1) {
        if (round > 1_000) throw new Error("it does not come to rest")
        await scheduler.waitIdle()
        await drained()
        if (scheduler.count() === 0 && vi.getTimerCount() > 0) await pass(step)
      }
    },
  }
}
