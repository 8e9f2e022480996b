export type { SimulatedClock } from "./clock.ts"
export { createSimulator } from "./create-simulator.ts"
export type { ScanBy, ScannedLaunch } from "./drawn-codes.ts"
export { type FaultKind, type FaultSettings, type Faults, faultKinds } from "./faults.ts"
export { createListener, type SimulatorListener, type WeChatExchange } from "./http-listener.ts"
export type { OpenData } from "./open-data.ts"
export type {
  Authorization,
  Authorized,
  AuthorizeSettings,
  Platform,
  PlatformName,
  PlatformPush,
  PlatformSettings,
} from "./platform/platform.ts"
export type { PushAttempt, PushOutcome, PushSettings, PushTarget } from "./push/push.ts"
export type {
  Person,
  RecordedCall,
  Simulator,
  SimulatorOptions,
  SimulatorState,
  WebPerson,
} from "./simulator.ts"
export { type StartedSimulator, type StartOptions, startSimulator } from "./start-simulator.ts"
export type { App, AppKind, AppSettings, OauthScope, User, UserSettings } from "./world.ts"
export { createPhone, type Phone } from "./wx/create-phone.ts"
export { createWx, type Wx } from "./wx/create-wx.ts"
export type { WxHost } from "./wx/host.ts"
export type { WxOptions } from "./wx/wx-options.ts"
