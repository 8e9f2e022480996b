import type { PictureType } from "../picture/picture.ts"

/**
 * Where the pictures of `POST /me/avatar` are kept. Names are 30 or 31 characters of `0-9a-v` and a dot with an ending; nobody can guess one, and none
 * comes twice. Whatever rejects, or takes longer than 10 s, is answered 503 or tried again later.
 */
export interface AvatarStorage {
  /** Keeps a picture: durable, and found under {@link url}, when it resolves. */
  put(name: string, picture: StoredPicture): Promise<void>
  /** Removes a picture. One that is not there is no error. */
  remove(name: string): Promise<void>
  /** The address under which everybody gets the picture, `https://…`. */
  url(name: string): string
  /** Reads a picture, `undefined` if it is not there: only where this server is to answer `GET /avatars/:name` itself. */
  read?(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
}

export interface StoredPicture {
  readonly type: PictureType
  readonly bytes: Uint8Array<ArrayBuffer>
}

const endings: Readonly<Record<PictureType, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
}

const namePattern = /^[0-9a-v]{26}\.(?:jpg|png|webp)$/

/** @param id 26 characters of `0-9a-v` */
export function avatarName(id: string, type: PictureType): string {
  return `${id}.${endings[type]}`
}

/** Whether it is a name that {@link avatarName} makes. */
export function isAvatarName(name: string): boolean {
  return namePattern.test(name)
}

/** What a name says of its picture; `undefined` for one that isn't ours. */
export function typeOfAvatar(name: string): PictureType | undefined {
  if (!isAvatarName(name)) return undefined
  return (Object.keys(endings) as PictureType[]).find(type => name.endsWith(`.${endings[type]}`))
}

/** The name in an address of the storage; `undefined` if it isn't one. */
export function avatarNameOf(storage: AvatarStorage, url: string): string | undefined {
  const name = url.slice(url.lastIndexOf("/") + 1)
  return isAvatarName(name) && storage.url(name) === url ? name : undefined
}
