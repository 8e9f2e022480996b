import { refuseUnknown } from "./not-simulated.ts"

/** WeChat's own cloud is not simulated: it may be named, and what is asked of it is refused. */
export interface CloudApi {
  readonly cloud: { init(options?: object): void }
}

export function createCloudApi(): CloudApi {
  return { cloud: refuseUnknown("wx.cloud", { init() {} }) }
}
