import type { Simulator } from "@denglu/simulator"
import type { Relay, RelayReply } from "@denglu/stage"
import type { RowChange, Text } from "../protocol.ts"
import type { Arms } from "./arms.ts"
import type { LoginRegister } from "./login-register.ts"
import type { Device, Recording } from "./recording.ts"
import { type RelayedReply, type RelayedRequest, readReply, readRequest } from "./relayed-request.ts"
import type { RowWatch } from "./row-changes.ts"
import { spoilNotes } from "./spoil-notes.ts"
import { recordChanges, recordLogin } from "./stored-changes.ts"
import { tellRequest } from "./told-exchange.ts"

export interface RelayParts {
  readonly recording: Recording
  readonly simulator: Simulator
  readonly rows: RowWatch
  readonly logins: LoginRegister
  readonly arms: Arms
  readonly loginUrl: () => string
  /** Waits so many milliseconds. */
  readonly wait: (ms: number) => Promise<unknown>
}

type Spoil = "slow-network" | "lost-response" | "wechat-busy"

const slowMs = 3_000
/** The login server asks WeChat and, told that it is busy, asks once more. */
const triesOfServer = 2
/** What is said of a request that got no answer. */
export const unreachable: Text = {
  en: "The server can't be reached, or broke off.",
  zh: "无法连接服务器，或连接中断。",
}

/** Sends what the mini program sends and tells of it. What is switched on spoils the phone's requests only. */
export function createRelay(parts: RelayParts, device: Device): Relay {
  const { recording, rows, logins, wait } = parts

  return async (request, send) => {
    const asked = readRequest(recording, request, parts.loginUrl())
    const spoils = device === "phone" ? takeSpoils(parts, asked) : []
    const isSlow = spoils.includes("slow-network")
    const isLost = spoils.includes("lost-response")
    const notes = spoils.filter(spoil => spoil !== "lost-response").map(spoil => spoilNotes[spoil])
    const told = tellRequest(recording, device, asked, notes)
    if (isSlow) await wait(slowMs)
    const sent = await sendWatched(asked, send)
    if ("error" in sent) {
      told.lost(null, unreachable)
      throw sent.error
    }
    const reply = readReply(recording, sent.reply)
    tellStored(asked, reply, sent.changes)
    if (isSlow) await wait(slowMs)
    if (isLost) {
      told.lost(reply, spoilNotes["lost-response"])
      throw new Error("the reply was lost on its way")
    }
    told.reply(reply)
    return sent.reply
  }

  async function sendWatched(
    { code }: RelayedRequest,
    send: () => Promise<RelayReply>,
  ): Promise<{ reply: RelayReply; changes: readonly RowChange[] } | { error: unknown }> {
    if (code !== undefined) logins.begin(code, device)
    rows.begin()
    try {
      const reply = await send()
      return { reply, changes: rows.end() }
    } catch (error) {
      rows.end()
      return { error }
    } finally {
      if (code !== undefined) logins.end(code)
    }
  }

  function tellStored(
    { code, words }: RelayedRequest,
    { ok, json }: RelayedReply,
    changes: readonly RowChange[],
  ): void {
    const user = json.user as { readonly id?: unknown; readonly is_new?: unknown } | null | undefined
    if (ok && code !== undefined && typeof user?.id === "string")
      recordLogin(recording, device, { userId: user.id, isNew: user.is_new === true }, changes)
    else recordChanges(recording, device, changes, ok ? words.stored : undefined)
  }
}

/** What is switched on and meets this request. It is used up, and what can be done beforehand is done. */
function takeSpoils({ arms, simulator }: RelayParts, { code }: RelayedRequest): readonly Spoil[] {
  const spoils: Spoil[] = (["slow-network", "lost-response"] as const).filter(spoil => arms.take(spoil))
  if (code !== undefined && arms.take("wechat-busy")) {
    simulator.faults.add({ kind: "busy", endpoint: "jscode2session", times: triesOfServer })
    spoils.push("wechat-busy")
  }
  return spoils
}
