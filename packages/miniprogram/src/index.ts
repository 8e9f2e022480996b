/// <reference types="miniprogram-api-typings" preserve="true" />

export {
  createLogin,
  type DownloadOptions,
  type Login,
  type LoginOptions,
  type RequestOptions,
  type SocketOptions,
  type UploadOptions,
} from "./create-login.ts"
export type { Presence, State, Status } from "./keeper.ts"
export { type ClientErrorCode, LoginError } from "./login-error.ts"
export type { LoginStorage, Platform } from "./platform.ts"
export type { User } from "./wire.ts"
