import type { Clock } from "./clock.ts"
import { createFailureBudget } from "./limits/failure-budget.ts"
import { passwordTries } from "./limits/most.ts"
import type { Logger } from "./log.ts"
import { createFamiliarBrowsers } from "./login/password/familiar-browsers.ts"
import { createKeptPasswords } from "./login/password/kept-passwords.ts"
import type { PasswordParts } from "./login/password/password-parts.ts"
import type { SettledPasswords } from "./password-options.ts"
import type { RandomBytes } from "./random.ts"
import type { Sealer } from "./session/sealer.ts"
import type { Store } from "./store/store.ts"
import { createPasswordHasher, loadArgon2 } from "./user/password-hasher.ts"
import { createPasswordRules, loadCommonPasswords } from "./user/password-rules.ts"

/**
 * Puts together what logins by password need; nothing of it is loaded where they are off.
 *
 * @throws TypeError (as a rejection) that says which package to install
 */
export async function openPasswords(
  options: SettledPasswords | undefined,
  context: {
    readonly store: Pick<Store, "addCounts">
    readonly sealer: Sealer
    readonly clock: Clock
    readonly random: RandomBytes
    readonly log: Logger
  },
): Promise<PasswordParts | undefined> {
  if (options === undefined) return undefined
  const { store, sealer, clock, random, log } = context
  const hasher = await createPasswordHasher({
    cost: options.cost,
    atOnce: options.hashesAtOnce,
    mostWaiting: options.hashesWaiting,
    random,
    argon2: await loadArgon2(),
  })
  const budget = (name: keyof typeof passwordTries) =>
    createFailureBudget(`password_${name}`, passwordTries[name], store, clock).take
  return {
    options,
    rules: createPasswordRules(await loadCommonPasswords()),
    kept: createKeptPasswords(sealer, hasher, log),
    familiar: createFamiliarBrowsers(sealer, clock),
    budgets: {
      address: budget("address"),
      accountAtAddress: budget("accountAtAddress"),
      strangers: budget("strangers"),
      familiar: budget("familiar"),
      allFamiliar: budget("allFamiliar"),
      registrations: budget("registrations"),
    },
  }
}
