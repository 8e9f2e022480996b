import { answerWork, type WxDone, type WxOptionalCall } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"

/** What can be said of the device. */
export interface ScreenSettings {
  /** Default is `zh_CN`. */
  readonly language?: string
  /** Pixels a page may use. Default is 375. */
  readonly windowWidth?: number
  /** Pixels a page may use. Default is 667. */
  readonly windowHeight?: number
  /** Pixels, title bar and tab bar included. Default is `windowHeight`. */
  readonly screenHeight?: number
}

export interface AppBaseInfo {
  readonly SDKVersion: string
  readonly version: string
  readonly language: string
  readonly theme: "light"
  readonly enableDebug: boolean
  readonly fontSizeSetting: number
  readonly fontSizeScaleFactor: number
  readonly host: { readonly env: "WeChat" }
}

export interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly width: number
  readonly height: number
}

export interface WindowInfo {
  readonly pixelRatio: number
  readonly screenWidth: number
  readonly screenHeight: number
  /** Where the window starts. */
  readonly screenTop: number
  readonly statusBarHeight: number
  readonly windowWidth: number
  readonly windowHeight: number
  readonly safeArea: Rectangle
}

export interface DeviceInfo {
  readonly brand: string
  readonly model: string
  readonly system: string
  readonly platform: "devtools"
  readonly memorySize: string
  readonly benchmarkLevel: number
}

export interface SystemSetting {
  readonly bluetoothEnabled: boolean
  readonly locationEnabled: boolean
  readonly wifiEnabled: boolean
  readonly deviceOrientation: "portrait"
}

type Authorized = "authorized" | "denied" | "not determined"

export interface AppAuthorizeSetting {
  readonly albumAuthorized: Authorized
  readonly bluetoothAuthorized: Authorized
  readonly cameraAuthorized: Authorized
  readonly locationAuthorized: Authorized
  readonly locationReducedAccuracy: boolean
  readonly microphoneAuthorized: Authorized
  readonly notificationAuthorized: Authorized
  readonly phoneCalendarAuthorized: Authorized
}

export interface SystemInfo extends AppBaseInfo, WindowInfo, DeviceInfo, SystemSetting {
  readonly albumAuthorized: boolean
  readonly cameraAuthorized: boolean
  readonly locationAuthorized: boolean
  readonly microphoneAuthorized: boolean
  readonly notificationAuthorized: boolean
}

/** Lengths in pixels. */
export interface SystemInfoApi {
  getAppBaseInfo(): AppBaseInfo
  getWindowInfo(): WindowInfo
  getDeviceInfo(): DeviceInfo
  getSystemSetting(): SystemSetting
  /** Whether WeChat itself may use them: it may. */
  getAppAuthorizeSetting(): AppAuthorizeSetting
  getSystemInfoSync(): SystemInfo
  readonly getSystemInfo: WxOptionalCall<object, SystemInfo & WxDone>
  readonly getSystemInfoAsync: WxOptionalCall<object, SystemInfo & WxDone>
  getMenuButtonBoundingClientRect(): Rectangle
}

/** The phone that DevTools starts with. */
const device: DeviceInfo = {
  brand: "devtools",
  model: "iPhone 6/7/8",
  system: "iOS 10.0.1",
  platform: "devtools",
  memorySize: "2048",
  benchmarkLevel: 1,
}
const statusBarHeight = 20
const capsule = { width: 87, height: 32, fromStatusBar: 4, fromRight: 7 }

export function createSystemInfoApi(settings: ScreenSettings, report: ReportThrown): SystemInfoApi {
  const { language = "zh_CN" } = settings

  const appBase = (): AppBaseInfo => ({
    SDKVersion: "3.8.0",
    version: "8.0.5",
    language,
    theme: "light",
    enableDebug: false,
    fontSizeSetting: 16,
    fontSizeScaleFactor: 1,
    host: { env: "WeChat" },
  })
  const system = (): SystemSetting => ({
    bluetoothEnabled: true,
    locationEnabled: true,
    wifiEnabled: true,
    deviceOrientation: "portrait",
  })
  const everything = (): SystemInfo => ({
    ...appBase(),
    ...windowOf(settings),
    ...device,
    ...system(),
    albumAuthorized: true,
    cameraAuthorized: true,
    locationAuthorized: true,
    microphoneAuthorized: true,
    notificationAuthorized: true,
  })

  return {
    getAppBaseInfo: appBase,
    getWindowInfo: () => windowOf(settings),
    getDeviceInfo: () => ({ ...device }),
    getSystemSetting: system,
    getAppAuthorizeSetting: () => ({
      albumAuthorized: "authorized",
      bluetoothAuthorized: "authorized",
      cameraAuthorized: "authorized",
      locationAuthorized: "authorized",
      locationReducedAccuracy: false,
      microphoneAuthorized: "authorized",
      notificationAuthorized: "authorized",
      phoneCalendarAuthorized: "authorized",
    }),
    getSystemInfoSync: everything,
    getSystemInfo: options => answerWork("getSystemInfo", options, everything, report),
    getSystemInfoAsync: options => answerWork("getSystemInfoAsync", options, everything, report),
    getMenuButtonBoundingClientRect: () => capsuleOf(windowOf(settings)),
  }
}

function windowOf({ windowWidth = 375, windowHeight = 667, screenHeight }: ScreenSettings): WindowInfo {
  const height = screenHeight ?? windowHeight
  return {
    pixelRatio: 2,
    screenWidth: windowWidth,
    screenHeight: height,
    screenTop: height - windowHeight,
    statusBarHeight,
    windowWidth,
    windowHeight,
    safeArea: rectangle(0, statusBarHeight, windowWidth, height - statusBarHeight),
  }
}

/** The round button at the upper right. */
function capsuleOf({ screenWidth }: WindowInfo): Rectangle {
  const { width, height, fromRight, fromStatusBar } = capsule
  return rectangle(screenWidth - fromRight - width, statusBarHeight + fromStatusBar, width, height)
}

function rectangle(left: number, top: number, width: number, height: number): Rectangle {
  return { left, right: left + width, top, bottom: top + height, width, height }
}
