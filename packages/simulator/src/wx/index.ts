export type { AvatarDetail, Buttons, PhoneNumberDetail } from "./buttons.ts"
export type { WxCallbacks, WxFailure } from "./callbacks.ts"
export { createPhone, type Phone } from "./create-phone.ts"
export { createWx, type Wx } from "./create-wx.ts"
export type { PhoneFiles } from "./files.ts"
export type {
  ChosenFile,
  MediaAsk,
  ModalAnswer,
  ModalView,
  PrivacyAsk,
  ToastView,
  WxHost,
} from "./host.ts"
export type { LaunchOptions, LaunchSettings } from "./launch-options.ts"
export type { LoginFault } from "./login.ts"
export type { NetworkStatus, NetworkType, PhoneNetwork } from "./network-state.ts"
export { refuseUnknown } from "./not-simulated.ts"
export type { PrivacyAnswer, PrivacyListener } from "./privacy.ts"
export type { SocketTask } from "./socket-task.ts"
export type { StorageText } from "./stored-values.ts"
export type { Timers } from "./timers.ts"
export type { OpenSocket, SocketEvent, WebSocketLike } from "./web-socket-like.ts"
export type { WxBackend, WxOptions, WxPerson, WxSettings } from "./wx-options.ts"
