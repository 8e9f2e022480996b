export { conformance } from "./conformance.ts"
export {
  type ConformanceCase,
  type ConformanceClient,
  ConformanceFailure,
  type ConformanceNeed,
  type ConformanceSetting,
  type CreateConformanceClient,
} from "./conformance-case.ts"
export type { PretendWx } from "./pretend-wx.ts"
export { type ConformanceResult, runConformance } from "./run-conformance.ts"
