import type { Clock } from "../clock.ts"
import type { SettledSms } from "../sms-options.ts"
import type { Store } from "../store/store.ts"
import { createFailureBudget, day, type FailureBudget } from "./failure-budget.ts"
import { avatarsAnHour, exportsAnHour, openDataFailures, phoneCodes } from "./most.ts"

/** Everything that is counted exactly, between all instances. */
export interface Budgets {
  readonly openData: FailureBudget
  readonly exports: FailureBudget
  readonly phoneCodes: FailureBudget
  readonly avatars: FailureBudget
  readonly sms: SmsBudgets | undefined
}

/** What bounds SMS beside the count of each number, which the store keeps. */
export interface SmsBudgets {
  readonly ofAddress: FailureBudget
  readonly ofCountry: FailureBudget
  readonly ofDay: FailureBudget
}

export function createBudgets(
  store: Pick<Store, "addCounts">,
  clock: Clock,
  sms: SettledSms | undefined,
): Budgets {
  const open = (name: string, most: number, span?: number) =>
    createFailureBudget(name, most, store, clock, span)
  return {
    openData: open("open_data", openDataFailures),
    exports: open("export", exportsAnHour),
    phoneCodes: open("phone", phoneCodes),
    avatars: open("avatar", avatarsAnHour),
    sms: sms && {
      ofAddress: open("sms_address", sms.perAddressAnHour),
      ofCountry: open("sms_country", sms.perCountryADay, day),
      ofDay: open("sms_day", sms.perDay, day),
    },
  }
}
