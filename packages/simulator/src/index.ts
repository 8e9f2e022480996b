export type { SimulatedClock } from "./clock.ts"
export { type FaultKind, type FaultSettings, type Faults, faultKinds } from "./faults.ts"
export type { OpenData } from "./open-data.ts"
export {
  createSimulator,
  type Person,
  type RecordedCall,
  type Simulator,
  type SimulatorOptions,
  type SimulatorState,
} from "./simulator.ts"
export { type StartedSimulator, type StartOptions, startSimulator } from "./start-simulator.ts"
export type { App, AppSettings, User, UserSettings } from "./world.ts"
export { createWx, type Wx, type WxOptions } from "./wx/create-wx.ts"
