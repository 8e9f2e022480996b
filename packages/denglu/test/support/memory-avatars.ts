import type { AvatarStorage } from "denglu"

/** Keeps avatars for as long as a test runs. */
export function memoryAvatars(): AvatarStorage {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    put: async (name, { bytes }) => void kept.set(name, bytes),
    remove: async name => void kept.delete(name),
    read: async name => kept.get(name),
    url: name => `http://login.test/avatars/${name}`,
  }
}
