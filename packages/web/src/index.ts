export {
  createLogin,
  type Login,
  type LoginOptions,
  type RestoreOptions,
  type SendOptions,
  type SentSms,
} from "./create-login.ts"
export type { Presence } from "./keeper.ts"
export { type ClientErrorCode, LoginError } from "./login-error.ts"
export type { Scan, ScanView } from "./scan.ts"
export type { SessionStorage } from "./session.ts"
export type { ScanStatus, User } from "./wire.ts"
