import type { ConformanceCase } from "./conformance-case.ts"
import { loginRules } from "./rules/login.ts"
import { logoutRules } from "./rules/logout.ts"
import { renewalRules } from "./rules/renewal.ts"
import { requestRules } from "./rules/requests.ts"
import { secretRules } from "./rules/secrets.ts"
import { storageRules } from "./rules/storage.ts"

/**
 * What a client of a login server in a WeChat Mini Program has to get right, as cases to play with any client: against
 * a pretend `wx` and a pretend server in memory, with real time. One case at a time: one of them listens to the console.
 * @example
 * ```ts
 * import { test } from "node:test"
 * import { createLogin } from "@denglu/miniprogram"
 * import { type CreateConformanceClient, conformance } from "@denglu/miniprogram/conformance"
 *
 * const create: CreateConformanceClient = ({ platform, baseUrl, timeoutMs }) =>
 *   createLogin({ platform, baseUrl, timeout: timeoutMs })
 * for (const { name, run } of conformance) test(name, () => run(create))
 * ```
 */
export const conformance: readonly ConformanceCase[] = [
  ...loginRules,
  ...renewalRules,
  ...requestRules,
  ...logoutRules,
  ...storageRules,
  ...secretRules,
]
