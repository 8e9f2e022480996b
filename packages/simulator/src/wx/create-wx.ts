import { type AuthorizationApi, createAuthorizationApi } from "./authorization.ts"
import { type BackgroundFetchApi, createBackgroundFetchApi } from "./background-fetch.ts"
import { type CanIUseApi, createCanIUseApi } from "./can-i-use.ts"
import { type ChooseMediaApi, createChooseMediaApi } from "./choose-media.ts"
import { type ClipboardApi, createClipboardApi } from "./clipboard.ts"
import { type CloudApi, createCloudApi } from "./cloud.ts"
import { createDownloadFileApi, type DownloadFileApi } from "./download-file.ts"
import { createExtConfigApi, type ExtConfigApi } from "./ext-config.ts"
import { createFileSystemApi, type FileSystemApi } from "./file-system.ts"
import { createInteractionApi, type InteractionApi } from "./interaction.ts"
import { createLaunchOptionsApi, type LaunchOptionsApi } from "./launch-options.ts"
import { createLogManagerApi, type LogManagerApi } from "./log-manager.ts"
import { createLoginApi, type LoginApi } from "./login.ts"
import { openMachineSocket } from "./machine-socket.ts"
import type { NetworkParts } from "./network-calls.ts"
import { fetchWhileConnected } from "./network-state.ts"
import { createNetworkTypeApi, type NetworkTypeApi } from "./network-type.ts"
import { refuseUnknown } from "./not-simulated.ts"
import { createPhoneParts, type PhoneParts } from "./phone-parts.ts"
import { createPrivacyApi, type PrivacyApi } from "./privacy-api.ts"
import { createProfileApi, type ProfileApi } from "./profile.ts"
import { createRequestApi, type RequestApi } from "./request.ts"
import { createRuntimeApi, type RuntimeApi } from "./runtime.ts"
import { createShareMenuApi, type ShareMenuApi } from "./share-menu.ts"
import { createSocketApi, type SocketApi } from "./socket.ts"
import { createStorageApi, type StorageApi } from "./storage.ts"
import { createSystemInfoApi, type SystemInfoApi } from "./system-info.ts"
import { createUploadFileApi, type UploadFileApi } from "./upload-file.ts"
import { createUserCryptoApi, type UserCryptoApi } from "./user-crypto.ts"
import type { WxOptions } from "./wx-options.ts"
import { wxSource } from "./wx-source.ts"

export interface AccountInfo {
  readonly miniProgram: {
    readonly appId: string
    readonly envVersion: "develop" | "trial" | "release"
    readonly version: string
  }
}

/** The `wx` of a mini program, as far as it is simulated; anything else throws `not simulated: wx.NAME` when called. */
export interface Wx
  extends LoginApi,
    RequestApi,
    UploadFileApi,
    DownloadFileApi,
    SocketApi,
    StorageApi,
    FileSystemApi,
    ProfileApi,
    UserCryptoApi,
    PrivacyApi,
    AuthorizationApi,
    InteractionApi,
    ChooseMediaApi,
    ClipboardApi,
    NetworkTypeApi,
    SystemInfoApi,
    LaunchOptionsApi,
    RuntimeApi,
    LogManagerApi,
    ShareMenuApi,
    ExtConfigApi,
    BackgroundFetchApi,
    CloudApi,
    CanIUseApi {
  getAccountInfoSync(): AccountInfo
}

/** @param parts what is shared with others; `createPhone` hands them in */
export function createWx(options: WxOptions, parts: PhoneParts = createPhoneParts(options, false)): Wx {
  const { timers, report, host, files, network, privacy, toast } = parts
  const { appid, issueCode, userData, userKey } = wxSource(options)
  const networkParts: NetworkParts = {
    fetch: fetchWhileConnected(options.fetch ?? fetch, network),
    domains: options.domains,
    referer: `https://servicewechat.com/${appid}/devtools/page-frame.html`,
    timers,
    report,
  }
  const apis = {
    ...createLoginApi({
      issueCode,
      loginFault: options.loginFault ?? (() => undefined),
      checkSession: options.checkSession ?? (() => true),
      timers,
      report,
    }),
    ...createRequestApi(networkParts),
    ...createUploadFileApi(files, networkParts),
    ...createDownloadFileApi(files, networkParts),
    ...createSocketApi({ ...networkParts, network, openSocket: options.openSocket ?? openMachineSocket }),
    ...createStorageApi(options.storageFault ?? (() => undefined), options.storage, report),
    ...createFileSystemApi(files, report),
    ...createProfileApi(userData, privacy, report),
    ...createUserCryptoApi(userKey, report),
    ...createPrivacyApi(privacy, host, report),
    ...createAuthorizationApi(report),
    ...createInteractionApi(toast, host, report),
    ...createChooseMediaApi({ files, host, privacy, report }),
    ...createClipboardApi(privacy, toast, report),
    ...createNetworkTypeApi(network, report),
    ...createSystemInfoApi(options, report),
    ...createLaunchOptionsApi(options.launch ?? {}),
    ...createRuntimeApi(report),
    ...createLogManagerApi(),
    ...createShareMenuApi(report),
    ...createExtConfigApi(report),
    ...createBackgroundFetchApi(report),
    ...createCloudApi(),
    getAccountInfoSync: (): AccountInfo => ({
      miniProgram: { appId: appid, envVersion: "develop", version: "" },
    }),
  }
  return refuseUnknown<Wx>("wx", { ...apis, ...createCanIUseApi(Object.keys(apis)) })
}
