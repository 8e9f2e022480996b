import { DengluError } from "../../errors.ts"
import { newId } from "../../random.ts"
import type { PasswordRecord } from "../../store/store.ts"
import { accountName } from "../../user/account-name.ts"
import type { FlowContext } from "../flows.ts"
import { openByProof } from "../open-by-proof.ts"
import type { LoggedInByPassword, PasswordInput } from "./log-in-by-password.ts"
import { passwordParts } from "./password-parts.ts"

/**
 * Makes an account and logs in. That a name is taken can't be hidden from who wants it: so those who ask are counted by address.
 *
 * @throws DengluError `not_found` unless it is switched on; `account_taken`, `invalid_request` for what can't be a name, `password_refused`,
 *   `rate_limited`, `overloaded`
 */
export async function register(
  flow: FlowContext,
  input: Omit<PasswordInput, "restore">,
): Promise<LoggedInByPassword> {
  const { options, rules, budgets, kept, familiar } = passwordParts(flow)
  if (!options.registration) throw new DengluError("not_found")
  const { password, address, marks, userAgent, requestId } = input
  const account = goodName(input.account)
  rules.check(password, [account])
  await budgets.registrations(address)
  if ((await flow.store.findPassword({ account })) !== undefined) throw taken()
  const hash = await kept.keep(password)
  const userId = newId(flow.random)
  const tokens = await openByProof<{ readonly kind: "taken" }>(flow, {
    userAgent,
    requestId,
    refuse: taken,
    open: entry => flow.store.registerUser({ ...entry, userId, account, hash }),
  })
  flow.events.emit("password.set", { userId, outcome: "registered", requestId })
  return { tokens, marks: familiar.add(marks, userId) }
}

/** The name in its one form. @throws DengluError `invalid_request` */
export function goodName(typed: string): string {
  const name = accountName(typed)
  if (name === undefined)
    throw new DengluError("invalid_request", {
      pointer: "/account",
      message: "must have 3 to 64 letters, digits or . _ - @, a letter first",
    })
  return name
}

/**
 * Counts who asks for another name than they have, as registering is: the answer tells whether it is taken.
 *
 * @param address the name under which it is counted
 * @throws DengluError `rate_limited` (as a rejection)
 */
export async function countName(
  flow: FlowContext,
  address: string,
  asked: string | undefined,
  present: PasswordRecord | undefined,
): Promise<void> {
  if (asked !== undefined && asked !== present?.account)
    await passwordParts(flow).budgets.registrations(address)
}

export function taken(): DengluError {
  return new DengluError("account_taken", { pointer: "/account" })
}
