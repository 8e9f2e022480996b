import type { ReportThrown } from "./callbacks.ts"
import { createListeners, type Listeners } from "./listeners.ts"

export type NetworkType = "wifi" | "2g" | "3g" | "4g" | "5g" | "unknown" | "none"

export interface NetworkStatus {
  readonly isConnected: boolean
  readonly networkType: NetworkType
}

/** The phone's connection. */
export interface PhoneNetwork {
  status(): NetworkStatus
  /** `none` takes it off: nothing reaches a server until it is on again. */
  set(type: NetworkType): void
}

export interface NetworkState extends PhoneNetwork {
  readonly changes: Listeners<NetworkStatus>
}

export function createNetworkState(atFirst: NetworkType, report: ReportThrown): NetworkState {
  const changes = createListeners<NetworkStatus>(report)
  let networkType = atFirst
  const status = () => ({ isConnected: networkType !== "none", networkType })

  return {
    changes,
    status,
    set(type) {
      if (type === networkType) return
      networkType = type
      changes.tell(status())
    },
  }
}

/** The same `fetch`, which fails as a phone without a connection does while there is none. */
export function fetchWhileConnected(
  fetch: typeof globalThis.fetch,
  network: PhoneNetwork,
): typeof globalThis.fetch {
  return (...asked) => {
    if (network.status().isConnected) return fetch(...asked)
    return Promise.reject(Object.assign(new Error("there is no connection"), { code: "ENETDOWN" }))
  }
}
