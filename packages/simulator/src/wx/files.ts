import { endingOfType, typeOfPath } from "./file-types.ts"

/** Where a mini program may write, as DevTools names it. */
export const userDataPath = "http://usr"

/** The files of a phone, for whoever stands beside the mini program: the stage puts a chosen picture, and shows one. */
export interface PhoneFiles {
  /** Makes a temporary file. `type` is a media type, as `image/png`. Answers its path: `http://tmp/1.png`. */
  put(bytes: Uint8Array | ArrayBuffer, type: string): string
  /** A copy of the bytes; `undefined` for an unknown path. */
  read(path: string): Uint8Array<ArrayBuffer> | undefined
}

/** The same, for the APIs. */
export interface StoredFiles extends PhoneFiles {
  /** Makes or replaces the file. */
  write(path: string, bytes: Uint8Array | ArrayBuffer): void
  has(path: string): boolean
  /** Whether it was there. */
  remove(path: string): boolean
  /** Media type. */
  typeOf(path: string): string
}

/** In memory only. */
export function createFiles(): StoredFiles {
  const files = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>()
  let made = 0

  return {
    put(bytes, type) {
      made += 1
      const path = `http://tmp/${made}.${endingOfType(type) ?? "unknown"}`
      files.set(path, { bytes: new Uint8Array(bytes).slice(), type })
      return path
    },
    read: path => files.get(path)?.bytes.slice(),
    write: (path, bytes) =>
      void files.set(path, { bytes: new Uint8Array(bytes).slice(), type: typeOfPath(path) }),
    has: path => files.has(path),
    remove: path => files.delete(path),
    typeOf: path => files.get(path)?.type ?? typeOfPath(path),
  }
}
