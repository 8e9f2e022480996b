import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import type { VerifiedToken } from "../../session/verified-token.ts"
import type { SetPassword, SetPasswordOutcome } from "../../store/password-store.ts"
import type { PasswordRecord } from "../../store/store.ts"
import { tellEnded } from "../end-sessions.ts"
import type { FlowContext } from "../flows.ts"
import { passwordParts } from "./password-parts.ts"
import { ownerOfProof, type PasswordProof } from "./password-proof.ts"
import { countName, goodName, taken } from "./register.ts"

/** Who asks, and in which request. */
export interface PasswordAsker extends Pick<VerifiedToken, "userId" | "sessionId" | "appid"> {
  readonly requestId: string
}

export interface ChosenPassword {
  /** The account name from now on. `undefined`: as it is. */
  readonly account: string | undefined
  readonly password: string
}

export interface ChangeInput extends ChosenPassword {
  /** The name under which the address is counted. */
  readonly address: string
  readonly asker: PasswordAsker
  readonly currentPassword: string | undefined
  /** What proves who somebody is who has no password yet. */
  readonly proof: PasswordProof | undefined
}

/** Changes at the same time. */
const mostTurns = 3

/**
 * Chooses a password, or another one: a stolen access token is not enough. Who has a password proves it by the present one, and all other sessions
 * end; who has none by a fresh code of the same person's WeChat, or digits sent to their phone.
 *
 * @throws DengluError `credentials_invalid`, `person_mismatch`, `password_refused`, `account_taken`, `invalid_request`, `rate_limited`,
 *   `overloaded`; what a login throws for its code
 */
export async function changePassword(flow: FlowContext, input: ChangeInput): Promise<number> {
  const { asker } = input
  const { userId, sessionId: exceptId, requestId } = asker
  const account = input.account === undefined ? undefined : goodName(input.account)
  let isProved = false
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const present = await flow.store.findPassword({ userId })
    checkRules(flow, input.password, account, present)
    if (present !== undefined) await proveByPassword(flow, userId, present, input.currentPassword)
    else if (!isProved) await proveBy(flow, asker, input.proof)
    if (!isProved) await countName(flow, input.address, account, present)
    isProved = true
    const ended = await choose(flow, {
      userId,
      account,
      password: input.password,
      expected: present?.hash ?? null,
      ...(present !== undefined && { ending: { reason: "password_changed", exceptId } }),
      requestId,
    })
    if (ended !== undefined) return ended
  }
  throw new DengluError("credentials_invalid", { pointer: "/current_password" })
}

function checkRules(
  flow: FlowContext,
  password: string,
  account: string | undefined,
  present: PasswordRecord | undefined,
): void {
  const name = account ?? present?.account
  passwordParts(flow).rules.check(password, typeof name === "string" ? [name] : [])
}

/** Takes a try, and compares. @throws DengluError `credentials_invalid`, `rate_limited`, `overloaded` */
export async function proveByPassword(
  flow: FlowContext,
  userId: string,
  { hash }: PasswordRecord,
  given: string | undefined,
  pointer = "/current_password",
): Promise<void> {
  const { budgets, kept } = passwordParts(flow)
  if (given === undefined)
    throw new DengluError("credentials_invalid", {
      pointer,
      message: "is missing: there is a password, which only its owner may change",
    })
  const giveBack = await budgets.familiar(`user ${userId}`)
  let same: boolean | undefined
  try {
    same = await kept.isSame(hash, given)
  } finally {
    if (same !== false) await giveBack()
  }
  if (!same) throw new DengluError("credentials_invalid", { pointer })
}

async function proveBy(
  flow: FlowContext,
  { userId, appid, requestId }: PasswordAsker,
  proof: PasswordProof | undefined,
): Promise<void> {
  if (proof === undefined)
    throw new DengluError("invalid_request", {
      pointer: "/code",
      message: "is missing: a fresh code of wx.login(), or of an SMS, proves who chooses a first password",
    })
  if ((await ownerOfProof(flow, proof, requestId, appid)) !== userId)
    throw new DengluError("person_mismatch", { pointer: "/code" })
}

export interface Choice extends Pick<SetPassword, "userId" | "account" | "expected" | "ending"> {
  readonly password: string
  readonly requestId: string
}

/** Keeps the password. Answers how many sessions it ended; `undefined` if what was there is not what was expected. */
export async function choose(flow: FlowContext, choice: Choice): Promise<number | undefined> {
  const { store, clock, random, events } = flow
  const { password, requestId, ...request } = choice
  const { userId } = request
  const hash = await passwordParts(flow).kept.keep(password)
  const now = clock()
  const occasion = { now, eventId: newId(random), actor: "user" } as const
  const outcome = await store.setPassword({ ...request, hash, ...occasion })
  if (outcome.kind === "changed") return undefined
  if (outcome.kind !== "set") throw await refusalOf(flow, outcome.kind, userId)
  const { isFirst, endedSessions: sessionIds } = outcome
  events.emit("password.set", { userId, outcome: isFirst ? "set" : "changed", requestId })
  tellEnded(flow, { sessionIds, userId, reason: "password_changed", requestId }, now)
  return sessionIds.length
}

async function refusalOf(
  { store }: FlowContext,
  kind: Exclude<SetPasswordOutcome["kind"], "set" | "changed">,
  userId: string,
): Promise<DengluError> {
  if (kind === "taken") return taken()
  if (kind === "nameless")
    return new DengluError("invalid_request", {
      pointer: "/account",
      message: "is missing: there is no phone number to log in by either",
    })
  const leavesAt = (await store.findUser(userId))?.leavesAt ?? null
  return leavesAt === null
    ? new DengluError("session_revoked")
    : new DengluError("account_deleted", { restoreUntil: leavesAt })
}
