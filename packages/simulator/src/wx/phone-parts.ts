import type { ReportThrown } from "./callbacks.ts"
import { createFiles, type StoredFiles } from "./files.ts"
import type { WxHost } from "./host.ts"
import { createNetworkState, type NetworkState } from "./network-state.ts"
import { createPrivacy, type Privacy } from "./privacy.ts"
import { machineTimers, type Timers } from "./timers.ts"
import { createToast, type Toast } from "./toast.ts"
import { willingHost } from "./willing-host.ts"
import type { WxSettings } from "./wx-options.ts"

/** What a `wx` shares with the buttons, and with whoever embeds it. */
export interface PhoneParts {
  readonly files: StoredFiles
  readonly network: NetworkState
  readonly privacy: Privacy
  readonly toast: Toast
  readonly host: Required<WxHost>
  readonly timers: Timers
  readonly report: ReportThrown
}

/** @param hasButtons whether there is an `agreePrivacyAuthorization` button that can be tapped */
export function createPhoneParts(settings: WxSettings, hasButtons: boolean): PhoneParts {
  const { timers = machineTimers, onError: report = throwLater } = settings
  const host = willingHost(settings.host ?? {})
  const needed = settings.privacy === "needed"
  return {
    files: createFiles(),
    network: createNetworkState(settings.networkType ?? "wifi", report),
    privacy: createPrivacy({ needed, checksButton: hasButtons, host, report }),
    toast: createToast(host, timers),
    host,
    timers,
    report,
  }
}

/** As a callback's error surfaces in a mini program: not where the API was called. */
function throwLater(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown
  })
}
