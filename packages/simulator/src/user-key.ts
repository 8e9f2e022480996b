import { encryptKeyLife, type Membership, type World } from "./world.ts"

/** What `wx.getUserCryptoManager().getLatestUserKey()` gives a page: the newest of the keys that `getuserencryptkey` lists. */
export interface UserKey {
  /** Base64 of 16 bytes. */
  readonly encryptKey: string
  /** 16 letters and digits. */
  readonly iv: string
  readonly version: number
  /** Its end, in seconds since 1970. WeChat's documents don't say the unit. */
  readonly expireTime: number
}

export function latestUserKey(world: World, member: Membership): UserKey {
  const [newest] = world.encryptKeysOf(member)
  if (newest === undefined) throw new Error("a person always has a key")
  const { encryptKey, iv, version, createdAt } = newest
  return { encryptKey, iv, version, expireTime: Math.floor((createdAt + encryptKeyLife) / 1000) }
}
