import { DengluError } from "../../errors.ts"
import { describeError } from "../../log.ts"
import { newId } from "../../random.ts"
import type { PasswordRecord } from "../../store/store.ts"
import { type Account, readAccount } from "../../user/account-name.ts"
import type { FlowContext } from "../flows.ts"
import type { IssuedTokens } from "../issue-tokens.ts"
import { openByProof } from "../open-by-proof.ts"
import { passwordParts } from "./password-parts.ts"
import { takeTry } from "./tries.ts"

export interface PasswordInput {
  /** A name or a phone number, as it was typed. */
  readonly account: string
  readonly password: string
  /** The name under which the address is counted. */
  readonly address: string
  /** What the browser has of earlier logins, see `FamiliarBrowsers`. */
  readonly marks: string | undefined
  readonly userAgent: string
  readonly requestId: string
  /** As in `LogInInput`. */
  readonly restore?: boolean | undefined
}

/** A login, and what the browser is to keep of it. */
export interface LoggedInByPassword {
  readonly tokens: IssuedTokens
  readonly marks: string
}

/** Passwords that are changed while they are compared. */
const mostTurns = 3

/**
 * Logs in by password. Accounts there are and accounts there are not get the same answer in the same time.
 *
 * @throws DengluError `credentials_invalid`, `rate_limited`, `overloaded`, `account_deleted`
 */
export async function logInByPassword(flow: FlowContext, input: PasswordInput): Promise<LoggedInByPassword> {
  const { familiar } = passwordParts(flow)
  const { account: typed, password, marks, userAgent, requestId, restore } = input
  const account = await readAccount(typed)
  let proved: PasswordRecord | undefined
  const tokens = await openByProof<{ readonly kind: "wrong" | "gone" }>(flow, {
    userAgent,
    requestId,
    restore,
    refuse: () => new DengluError("credentials_invalid"),
    async open(entry) {
      for (let turn = 0; turn < mostTurns; turn += 1) {
        proved = await compare(flow, account, input)
        if (proved === undefined) break
        const { userId, hash } = proved
        const outcome = await flow.store.openSessionByPassword({ ...entry, userId, hash })
        if (outcome.kind !== "changed") return outcome
      }
      return { kind: "wrong" }
    },
  })
  const { userId, hash } = proved as PasswordRecord
  await renew(flow, userId, hash, password, requestId)
  return { tokens, marks: familiar.add(marks, userId) }
}

/** The password's record, if it is the one that was typed. The same steps are taken for accounts there are and accounts there are not. */
async function compare(
  flow: FlowContext,
  account: Account | undefined,
  { account: typed, password, address, marks }: PasswordInput,
): Promise<PasswordRecord | undefined> {
  const { kept, budgets, familiar } = passwordParts(flow)
  const record = await find(flow, account)
  const userId = record?.userId ?? ""
  const mark = familiar.find(marks, userId)
  const giveBack = await takeTry(budgets, {
    account: flow.sealer.fingerprint(JSON.stringify(["password", account ?? typed])),
    address,
    familiar: mark === undefined ? undefined : { mark, userId },
  })
  let same: boolean | undefined
  try {
    same = await kept.isSame(record?.hash, password)
  } finally {
    // Only a password that was compared and is wrong is a failure.
    if (same !== false) await giveBack()
  }
  return same ? record : undefined
}

/** Asks for something in any case, so that it takes the time. */
function find({ store }: FlowContext, account: Account | undefined): Promise<PasswordRecord | undefined> {
  return account?.kind === "phone"
    ? store.findPassword({ phone: account.phone })
    : store.findPassword({ account: account?.name ?? "" })
}

/** Brings what is kept of the password up to date, which only its owner's login can. A login never fails for it. */
async function renew(
  flow: FlowContext,
  userId: string,
  expected: string,
  password: string,
  requestId: string,
): Promise<void> {
  const { store, clock, random, log } = flow
  try {
    const hash = await passwordParts(flow).kept.renew(expected, password)
    if (hash === undefined) return
    const occasion = { now: clock(), eventId: newId(random), actor: "system" } as const
    await store.rehashPassword({ userId, expected, hash, ...occasion })
  } catch (error) {
    log.warn({ requestId, error: describeError(error) }, "a password was not hashed anew")
  }
}
