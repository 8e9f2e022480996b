export type { Phone } from "./phone.ts"
export { type PhoneSetting, type StartedPhone, startPhone } from "./start-phone.ts"
export type { WxCallRecord } from "./watch-calls.ts"
