import { createHash } from "node:crypto"

/** What a mini program code opens. */
export interface DrawnCode {
  readonly appid: string
  /** Without a slash in front. */
  readonly page: string
  readonly scene: string
}

/**
 * How a phone came to a code's page. Only `camera` means that the code was in front of the person: a picture that is pressed long, one of the album, and
 * a card that somebody shared may be from anywhere.
 */
export const launchScenes = {
  camera: 1047,
  picture: 1048,
  album: 1049,
  card: 1007,
  group_card: 1008,
} as const

export type ScanBy = keyof typeof launchScenes

/** How the mini program is opened, as `wx.getEnterOptionsSync()` has it, and which one. */
export interface ScannedLaunch {
  readonly appid: string
  readonly path: string
  /** `scene` as WeChat hands it over: URI-encoded. */
  readonly query: { readonly scene: string }
  readonly scene: number
}

/** The codes that were drawn, by their pictures: what a phone's camera recognises. */
export interface DrawnCodes {
  add(picture: Uint8Array, code: DrawnCode): void
  /** What the phone opens; `undefined` for a picture that is no code of ours. Without a picture the latest code is meant. */
  scan(picture: Uint8Array | undefined, by: ScanBy): ScannedLaunch | undefined
  reset(): void
}

/** The latest so many are recognised. */
const kept = 1_000

export function createDrawnCodes(): DrawnCodes {
  const codes = new Map<string, DrawnCode>()
  const digestOf = (picture: Uint8Array) => createHash("sha256").update(picture).digest("base64")
  return {
    add(picture, code) {
      codes.set(digestOf(picture), code)
      const [oldest] = codes.keys()
      if (codes.size > kept && oldest !== undefined) codes.delete(oldest)
    },
    scan(picture, by) {
      const code = picture === undefined ? [...codes.values()].at(-1) : codes.get(digestOf(picture))
      if (code === undefined) return undefined
      const { appid, page, scene } = code
      return { appid, path: page, query: { scene: encodeURIComponent(scene) }, scene: launchScenes[by] }
    },
    reset: () => codes.clear(),
  }
}
