import { DengluError } from "../../errors.ts"
import type { SettledPasswords } from "../../password-options.ts"
import type { PasswordRules } from "../../user/password-rules.ts"
import type { FlowContext } from "../flows.ts"
import type { FamiliarBrowsers } from "./familiar-browsers.ts"
import type { KeptPasswords } from "./kept-passwords.ts"
import type { PasswordBudgets } from "./tries.ts"

/** What the flows of passwords work with, where they are switched on. */
export interface PasswordParts {
  readonly options: SettledPasswords
  readonly rules: PasswordRules
  readonly kept: KeptPasswords
  readonly budgets: PasswordBudgets
  readonly familiar: FamiliarBrowsers
}

/** The parts of logins by password. @throws DengluError `not_found` where there are none */
export function passwordParts({ passwords }: FlowContext): PasswordParts {
  if (passwords === undefined) throw new DengluError("not_found")
  return passwords
}
