import assert from "node:assert/strict"
import { appTokenCases } from "./contract/app-token-cases.ts"
import { auditCases } from "./contract/audit-cases.ts"
import { auditChainCases } from "./contract/audit-chain-cases.ts"
import { leavingCases } from "./contract/leaving-cases.ts"
import { logInCases } from "./contract/log-in-cases.ts"
import { mergeCases, undoCases } from "./contract/merge-cases.ts"
import { mergePhoneCases } from "./contract/merge-phone-cases.ts"
import { mergeRaceCases } from "./contract/merge-race-cases.ts"
import { openingCases } from "./contract/opening-cases.ts"
import { passwordCases } from "./contract/password-cases.ts"
import { passwordMergeCases } from "./contract/password-merge-cases.ts"
import { passwordProofCases } from "./contract/password-proof-cases.ts"
import { peopleAuditCases } from "./contract/people-audit-cases.ts"
import { peopleCases } from "./contract/people-cases.ts"
import { phoneCases } from "./contract/phone-cases.ts"
import { phoneMergeCases } from "./contract/phone-merge-cases.ts"
import { platformCases } from "./contract/platform-cases.ts"
import { profileCases } from "./contract/profile-cases.ts"
import { identityCases, keyCases, seenCases, sessionKeyCases, userCases } from "./contract/record-cases.ts"
import { revocationCases } from "./contract/revocation-cases.ts"
import { rotationCases } from "./contract/rotation-cases.ts"
import { scanCases } from "./contract/scan-cases.ts"
import { smsCases } from "./contract/sms-cases.ts"
import { smsPhoneCases } from "./contract/sms-phone-cases.ts"
import type { StoreCase } from "./contract/store-case.ts"

export type { OpenStore, StoreCase } from "./contract/store-case.ts"

/**
 * What every store must pass, as data: no test runner in it, so that anybody can check an engine of their own.
 *
 * @example
 * ```ts
 * import { test } from "node:test"
 * import { type OpenStore, storeContract } from "denglu/store-contract"
 *
 * declare const openMine: OpenStore
 * for (const { name, run } of storeContract) test(name, () => run(openMine))
 * ```
 */
export const storeContract: readonly StoreCase[] = [
  ...logInCases,
  ...rotationCases,
  ...revocationCases,
  ...userCases,
  ...profileCases,
  ...identityCases,
  ...peopleCases,
  ...mergeCases,
  ...undoCases,
  ...mergePhoneCases,
  ...mergeRaceCases,
  ...peopleAuditCases,
  ...sessionKeyCases,
  ...keyCases,
  ...appTokenCases,
  ...phoneCases,
  ...phoneMergeCases,
  ...passwordCases,
  ...passwordMergeCases,
  ...passwordProofCases,
  ...seenCases,
  ...leavingCases,
  ...platformCases,
  ...auditCases,
  ...auditChainCases,
  ...scanCases,
  ...openingCases,
  ...smsCases,
  ...smsPhoneCases,
  {
    name: "a closed store rejects with store_unavailable, and closing twice is fine",
    async run(open) {
      const store = await open()
      await store.ping()
      await store.close()
      await store.close()
      await assert.rejects(store.findUser("x"), { code: "store_unavailable" })
      await assert.rejects(store.ping(), { code: "store_unavailable" })
    },
  },
]
