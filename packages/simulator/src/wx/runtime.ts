import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import { fromBase64, toBase64 } from "./base64.ts"
import { guarded, type ReportThrown } from "./callbacks.ts"
import { userDataPath } from "./files.ts"

/** There is never an update. */
export interface UpdateManager {
  onCheckForUpdate(listener: (found: { readonly hasUpdate: boolean }) => void): void
  onUpdateReady(listener: () => void): void
  onUpdateFailed(listener: () => void): void
  applyUpdate(): void
}

export interface RuntimeApi {
  readonly env: { readonly USER_DATA_PATH: string }
  getUpdateManager(): UpdateManager
  nextTick(callback: () => void): void
  base64ToArrayBuffer(text: string): ArrayBuffer
  arrayBufferToBase64(bytes: ArrayBuffer): string
  readonly vibrateShort: WxOptionalCall<{ readonly type?: string }, WxDone>
  readonly vibrateLong: WxOptionalCall<object, WxDone>
  /** There is no screen that would go dark. */
  readonly setKeepScreenOn: WxOptionalCall<{ readonly keepScreenOn?: boolean }, WxDone>
  /** Reports go nowhere. */
  reportEvent(eventId: string, data?: object): void
  reportAnalytics(eventName: string, data?: object): void
  reportMonitor(name: string, value: number): void
}

export function createRuntimeApi(report: ReportThrown): RuntimeApi {
  const nothing = () => {}
  const update: UpdateManager = {
    onCheckForUpdate: listener => queueMicrotask(() => guarded(listener, { hasUpdate: false }, report)),
    onUpdateReady: nothing,
    onUpdateFailed: nothing,
    applyUpdate: nothing,
  }
  return {
    env: { USER_DATA_PATH: userDataPath },
    getUpdateManager: () => update,
    nextTick: callback => queueMicrotask(() => guarded(callback, undefined, report)),
    base64ToArrayBuffer: text => fromBase64(text).buffer,
    arrayBufferToBase64: bytes => toBase64(new Uint8Array(bytes)),
    vibrateShort: options => answerWork("vibrateShort", options, () => ({}), report),
    vibrateLong: options => answerWork("vibrateLong", options, () => ({}), report),
    setKeepScreenOn: options => answerWork("setKeepScreenOn", options, () => ({}), report),
    reportEvent: nothing,
    reportAnalytics: nothing,
    reportMonitor: nothing,
  }
}
