import { mkdir, open, readFile, rename, unlink } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type AvatarStorage, isAvatarName } from "./avatar-storage.ts"

/**
 * Keeps avatars in a folder of this machine, one file each. A file is there whole or not at all, also after a power cut.
 *
 * @param folder it is made when it is first needed
 * @param publicUrl where this server is reached from outside, with its base path; without a slash at its end
 */
export function openAvatarFolder(folder: string, publicUrl: () => string): AvatarStorage {
  const root = resolve(folder)

  /** The file of a name, which must be one of ours: no name leads out of the folder. */
  function pathOf(name: string): string {
    if (!isAvatarName(name)) throw new RangeError("no name of an avatar")
    return join(root, name)
  }

  const unfinished = (name: string) => `${pathOf(name)}.part`

  return {
    async put(name, { bytes }) {
      const path = pathOf(name)
      await mkdir(root, { recursive: true })
      const part = unfinished(name)
      try {
        await writeDurably(part, bytes)
        await rename(part, path)
        await syncFolder(root)
      } catch (error) {
        await removeFile(part).catch(() => {})
        throw error
      }
    },
    async remove(name) {
      await removeFile(pathOf(name))
      await removeFile(unfinished(name))
    },
    url: name => `${publicUrl()}/avatars/${name}`,
    async read(name) {
      try {
        return (await readFile(pathOf(name))) as Uint8Array<ArrayBuffer>
      } catch (error) {
        if (isNotThere(error)) return undefined
        throw error
      }
    },
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o644)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes the new name durable, not only what is in the file. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r")
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch(error => {
    if (!isNotThere(error)) throw error
  })
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT"
}
