import type { Take } from "../budget.ts"

/** How many wrong passwords are heard in an hour. Each try is taken before it is made, on all instances together. */
export interface PasswordBudgets {
  /** From one address, for whatever accounts. */
  readonly address: Take
  /** For one account from one address. */
  readonly accountAtAddress: Take
  /** For one account from all browsers in which its user has not logged in before. */
  readonly strangers: Take
  /** For one account in a browser in which its user has. */
  readonly familiar: Take
  /** For one user in all such browsers together: whoever once knew the password can have made any number. */
  readonly allFamiliar: Take
  /** Accounts that are made, or asked for, from one address. These are not given back. */
  readonly registrations: Take
}

export interface TriedBy {
  /** Stands for the account as it was typed, whether there is one or not. */
  readonly account: string
  readonly address: string
  /** The mark, see `FamiliarBrowsers`, and whose it is. */
  readonly familiar: { readonly mark: string; readonly userId: string } | undefined
}

/**
 * Takes a try. A familiar browser has its own, and no stranger uses them up: neither who guesses at the account from elsewhere,
 * nor who sits behind the same address. All others share.
 *
 * @throws DengluError `rate_limited`: then none is taken
 */
export async function takeTry(
  budgets: PasswordBudgets,
  { account, address, familiar }: TriedBy,
): Promise<() => Promise<void>> {
  const keys: readonly (readonly [Take, string])[] =
    familiar === undefined
      ? [
          [budgets.address, address],
          [budgets.accountAtAddress, `${account} ${address}`],
          [budgets.strangers, account],
        ]
      : [
          [budgets.familiar, familiar.mark],
          [budgets.allFamiliar, familiar.userId],
        ]
  const taken = await Promise.allSettled(keys.map(async ([take, key]) => take(key)))
  const giveBack = async () => {
    await Promise.all(taken.map(one => (one.status === "fulfilled" ? one.value() : undefined)))
  }
  const refused = taken.find(one => one.status === "rejected")
  if (refused === undefined) return giveBack
  await giveBack()
  throw refused.reason
}
