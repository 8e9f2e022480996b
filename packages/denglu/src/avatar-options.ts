import { exactOrigin, url, whole } from "./option-checks.ts"
import { openAvatarFolder } from "./user/avatars/avatar-folder.ts"
import type { AvatarStorage } from "./user/avatars/avatar-storage.ts"

/** Pictures that people choose for themselves. */
export interface AvatarOptions {
  /** Where `POST /me/avatar` keeps the pictures it gets. Default is nowhere: the path is a 404. */
  readonly avatars?: KeptAvatarOptions
  /**
   * Origins an `avatar_url` that is sent may be of, besides addresses of pictures kept here: everybody who sees the avatar asks them for it. All `https:`.
   * Default is where WeChat has its pictures: `https://thirdwx.qlogo.cn` and `https://wx.qlogo.cn`.
   */
  readonly avatarOrigins?: readonly string[]
}

export interface KeptAvatarOptions {
  /**
   * `file:./data/avatars`, a folder of this machine, from which `GET /avatars/:name` answers; or a storage that several instances share, as
   * `s3Avatars` of `denglu/avatar-s3`.
   */
  readonly storage: string | AvatarStorage
  /**
   * Where phones reach this server, with the base path: `https://login.example.com`. Only for a folder, which needs it: the avatars' addresses
   * begin with it.
   */
  readonly publicUrl?: string
  /** The most a picture may have, in bytes, 1,024 to 20,000,000. Default is 2,097,152 (2 MB). */
  readonly maxBytes?: number
}

export interface SettledAvatars {
  readonly avatars: { readonly storage: AvatarStorage; readonly maxBytes: number } | undefined
  readonly avatarOrigins: readonly string[]
}

const weChat = ["https://thirdwx.qlogo.cn", "https://wx.qlogo.cn"]

/** @throws TypeError that names the option and says what to write */
export function settleAvatars({ avatars, avatarOrigins = weChat }: AvatarOptions): SettledAvatars {
  if (!Array.isArray(avatarOrigins)) throw new TypeError("avatarOrigins must be a list")
  for (const origin of avatarOrigins) {
    exactOrigin("avatarOrigins", origin)
    if (!origin.startsWith("https:")) throw new TypeError(`avatarOrigins: ${origin} must be https`)
  }
  return { avatarOrigins, avatars: avatars && settleKept(avatars) }
}

function settleKept({ storage, publicUrl, maxBytes = 2_097_152 }: KeptAvatarOptions) {
  return {
    storage: typeof storage === "string" ? folderOf(storage, publicUrl) : checkStorage(storage),
    maxBytes: whole("avatars.maxBytes", maxBytes, 1_024, 20_000_000),
  }
}

function folderOf(storage: string, publicUrl: string | undefined): AvatarStorage {
  if (!/^file:./.test(storage))
    throw new TypeError(
      'avatars.storage must be a folder, "file:./data/avatars", or a storage such as s3Avatars(…)',
    )
  if (publicUrl === undefined)
    throw new TypeError(
      'avatars.publicUrl is missing: write where phones reach this server, such as "https://login.example.com"',
    )
  const { protocol, search, hash } = url("avatars.publicUrl", publicUrl)
  if (!/^https?:$/.test(protocol) || search !== "" || hash !== "" || publicUrl.endsWith("/"))
    throw new TypeError('avatars.publicUrl must look like "https://login.example.com": no slash at its end')
  return openAvatarFolder(storage.slice("file:".length).replace(/^\/\/(?=\/)/, ""), () => publicUrl)
}

function checkStorage(storage: AvatarStorage): AvatarStorage {
  for (const method of ["put", "remove", "url"] as const)
    if (typeof storage?.[method] !== "function")
      throw new TypeError(`avatars.storage has no ${method}: see AvatarStorage`)
  return storage
}
