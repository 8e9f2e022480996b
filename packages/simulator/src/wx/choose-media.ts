import { answerWork, type WxDone, type WxOptionalCall, WxRefusal } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"
import type { PhoneFiles } from "./files.ts"
import type { ChosenFile, MediaAsk, WxHost } from "./host.ts"
import type { Privacy } from "./privacy.ts"

export interface ChooseMediaOptions extends Partial<Omit<MediaAsk, "count">> {
  /** Default is 9. */
  readonly count?: number
}

export interface ChosenMedia {
  readonly tempFilePath: string
  /** Bytes. */
  readonly size: number
  readonly fileType: "image" | "video"
}

export interface ChooseMediaResult extends WxDone {
  readonly tempFiles: readonly ChosenMedia[]
  readonly type: "image" | "video" | "mix"
}

export interface ChooseImageOptions {
  /** Default is 9. */
  readonly count?: number
  readonly sourceType?: readonly string[]
}

export interface ChooseImageResult extends WxDone {
  readonly tempFilePaths: readonly string[]
  readonly tempFiles: readonly { readonly path: string; readonly size: number }[]
}

/** What the host chooses, as temporary files. Cancel is a failure. */
export interface ChooseMediaApi {
  readonly chooseMedia: WxOptionalCall<ChooseMediaOptions, ChooseMediaResult>
  readonly chooseImage: WxOptionalCall<ChooseImageOptions, ChooseImageResult>
}

interface Parts {
  readonly files: PhoneFiles
  readonly host: Required<WxHost>
  readonly privacy: Privacy
  readonly report: ReportThrown
}

const defaultCount = 9

export function createChooseMediaApi({ files, host, privacy, report }: Parts): ChooseMediaApi {
  async function chosen(api: string, ask: MediaAsk): Promise<readonly ChosenMedia[]> {
    await privacy.require(api)
    const found = await host.chooseMedia(ask)
    if (found === null || found.length === 0) throw new WxRefusal("cancel")
    return found.slice(0, ask.count).map(keep)
  }

  function keep({ bytes, type }: ChosenFile): ChosenMedia {
    const fileType = type.startsWith("video/") ? "video" : "image"
    return { tempFilePath: files.put(bytes, type), size: bytes.byteLength, fileType }
  }

  async function media({
    count = defaultCount,
    mediaType = ["image", "video"],
    sourceType = ["album", "camera"],
  }: ChooseMediaOptions = {}): Promise<Omit<ChooseMediaResult, "errMsg">> {
    const tempFiles = await chosen("chooseMedia", { count, mediaType, sourceType })
    const [first = "image", ...others] = new Set(tempFiles.map(({ fileType }) => fileType))
    return { tempFiles, type: others.length > 0 ? "mix" : first }
  }

  async function image({
    count = defaultCount,
    sourceType = ["album", "camera"],
  }: ChooseImageOptions = {}): Promise<Omit<ChooseImageResult, "errMsg">> {
    const found = await chosen("chooseImage", { count, mediaType: ["image"], sourceType })
    const tempFiles = found.map(({ tempFilePath: path, size }) => ({ path, size }))
    return { tempFilePaths: tempFiles.map(({ path }) => path), tempFiles }
  }

  return {
    chooseMedia: options => answerWork("chooseMedia", options, () => media(options), report),
    chooseImage: options => answerWork("chooseImage", options, () => image(options), report),
  }
}
