import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"
import type { NetworkState, NetworkStatus, NetworkType } from "./network-state.ts"

export interface NetworkTypeResult extends WxDone {
  readonly networkType: NetworkType
  readonly hasSystemProxy: boolean
  readonly weakNet: boolean
}

export interface NetworkTypeApi {
  readonly getNetworkType: WxOptionalCall<object, NetworkTypeResult>
  onNetworkStatusChange(listener: (status: NetworkStatus) => void): void
  /** Without a listener all of them go. */
  offNetworkStatusChange(listener?: (status: NetworkStatus) => void): void
}

export function createNetworkTypeApi(network: NetworkState, report: ReportThrown): NetworkTypeApi {
  const type = () => ({
    networkType: network.status().networkType,
    hasSystemProxy: false,
    weakNet: false,
  })
  return {
    getNetworkType: options => answerWork("getNetworkType", options, type, report),
    onNetworkStatusChange: network.changes.on,
    offNetworkStatusChange: network.changes.off,
  }
}
