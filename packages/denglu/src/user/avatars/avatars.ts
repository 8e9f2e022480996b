import type { Clock } from "../../clock.ts"
import { DengluError } from "../../errors.ts"
import { describeError, type Logger } from "../../log.ts"
import { newId, type RandomBytes } from "../../random.ts"
import type { Store } from "../../store/store.ts"
import { inTime } from "../in-time.ts"
import { type Picture, PictureRefusal } from "../picture/picture.ts"
import { readPicture } from "../picture/read-picture.ts"
import type { PersonalFiles } from "../purge.ts"
import { type AvatarStorage, avatarName, avatarNameOf, typeOfAvatar } from "./avatar-storage.ts"

/** The pictures people choose for themselves, kept in a storage. */
export interface Avatars {
  /** The most a picture may have, in bytes. */
  readonly maxBytes: number
  /**
   * Keeps a picture, of which nothing is used yet: its name must be put in use within the hour.
   * @throws DengluError `picture_invalid`, `storage_unavailable`
   */
  keep(userId: string, bytes: Uint8Array): Promise<KeptAvatar>
  /** The name in an address that {@link keep} has answered. */
  nameOf(url: string): string | undefined
  /** Removes pictures that are unused by now. What can't be removed is left to {@link sweep}. */
  discard(names: readonly string[]): Promise<void>
  /** Removes all pictures that are unused: what a crash, or a storage that was away, has left. Answers how many. */
  sweep(): Promise<number>
  /** A picture to be sent. `undefined` if there is none, or others send them. @throws DengluError `storage_unavailable` */
  read(name: string): Promise<Pick<Picture, "type" | "bytes"> | undefined>
  /** What is to be removed of somebody who is erased. */
  readonly files: PersonalFiles
}

export interface KeptAvatar {
  readonly name: string
  readonly url: string
}

export interface AvatarsOptions {
  readonly storage: AvatarStorage
  readonly maxBytes: number
  readonly store: Store
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Logger
}

/** How long (ms) a picture may wait to be put in use: much longer than an upload takes. */
const mayWait = 3_600_000
/** How long (ms) one call to the storage may take. */
const deadline = 10_000
const isLate = () => new Error("the avatars' storage takes too long")
/** Pictures removed in one sweep before others may have a turn. */
const inOneSweep = 100

export function createAvatars(options: AvatarsOptions): Avatars {
  const { storage, maxBytes, store, clock, random, log } = options

  async function remove(name: string): Promise<void> {
    await inTime(async () => storage.remove(name), deadline, isLate)
    await store.forgetAvatar(name)
  }

  async function discard(names: readonly string[]): Promise<void> {
    for (const name of names)
      await remove(name).catch(error =>
        log.warn({ error: describeError(error) }, "an unused avatar can't be removed; it is tried again"),
      )
  }

  return {
    maxBytes,
    async keep(userId, bytes) {
      const picture = pictureIn(bytes)
      const name = avatarName(newId(random), picture.type)
      await store.reserveAvatar({ name, userId, removeAfter: clock() + mayWait })
      try {
        await inTime(async () => storage.put(name, picture), deadline, isLate)
      } catch (error) {
        // It may be there all the same, and late: its name stays noted, so that a sweep removes it.
        throw unavailable("an avatar can't be kept", error)
      }
      return { name, url: storage.url(name) }
    },
    nameOf: url => avatarNameOf(storage, url),
    discard,
    async sweep() {
      const names = await store.listUnusedAvatars(clock(), inOneSweep)
      const failures: unknown[] = []
      for (const name of names) await remove(name).catch(error => failures.push(error))
      // One that can't be removed keeps no other from it.
      if (failures.length > 0) throw failures[0]
      return names.length
    },
    async read(name) {
      const type = typeOfAvatar(name)
      if (type === undefined || storage.read === undefined) return undefined
      try {
        const reading = storage.read(name)
        const bytes = await inTime(async () => reading, deadline, isLate)
        return bytes && { type, bytes }
      } catch (error) {
        throw unavailable("an avatar can't be read", error)
      }
    },
    files: {
      async remove(userId) {
        for (const name of await store.listAvatars(userId)) await remove(name)
      },
    },
  }
}

function pictureIn(bytes: Uint8Array): Picture {
  try {
    return readPicture(bytes)
  } catch (error) {
    if (!(error instanceof PictureRefusal)) throw error
    throw new DengluError("picture_invalid", { pointer: "/file", message: error.message })
  }
}

function unavailable(what: string, error: unknown): DengluError {
  const { name, code = name } = describeError(error)
  return new DengluError("storage_unavailable", { message: `${what}: ${code}`, cause: error, retryAfter: 5 })
}
