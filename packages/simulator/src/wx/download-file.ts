import { reasonOf, type WxDone, WxRefusal } from "./answer-work.ts"
import type { WxCallbacks, WxFailure } from "./callbacks.ts"
import { addressFailure } from "./domain-list.ts"
import { checkWritable } from "./file-system.ts"
import { typeOfPath } from "./file-types.ts"
import type { StoredFiles } from "./files.ts"
import { joinedBytes } from "./joined-bytes.ts"
import { createListeners } from "./listeners.ts"
import { createNetworkCalls, type NetworkParts, type NetworkTask, type Sending } from "./network-calls.ts"
import { refuseUnknown } from "./not-simulated.ts"
import { pageHeaders, wrongHeader } from "./page-headers.ts"

/** Success, whatever the status; one of the two paths. */
export interface DownloadFileResult extends WxDone {
  readonly tempFilePath?: string
  /** As it was given. */
  readonly filePath?: string
  readonly statusCode: number
}

export interface DownloadFileOptions extends WxCallbacks<DownloadFileResult> {
  readonly url: string
  /** Below `wx.env.USER_DATA_PATH`. Default is a temporary file. */
  readonly filePath?: string
  /** A Referer is overwritten. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Milliseconds, counted from the sending. Default is 60,000. */
  readonly timeout?: number
}

export interface DownloadProgress {
  /** Percent; 0 while the server has not said how much it is. */
  readonly progress: number
  readonly totalBytesWritten: number
  readonly totalBytesExpectedToWrite: number
}

export interface DownloadTask extends NetworkTask {
  onProgressUpdate(listener: (progress: DownloadProgress) => void): void
  offProgressUpdate(listener?: (progress: DownloadProgress) => void): void
}

export interface DownloadFileApi {
  /** Answers by callbacks only: what it returns is the task. */
  downloadFile(options: DownloadFileOptions): DownloadTask
}

export function createDownloadFileApi(files: StoredFiles, parts: NetworkParts): DownloadFileApi {
  const calls = createNetworkCalls("downloadFile", parts)

  function keep({ url, filePath }: DownloadFileOptions, bytes: Uint8Array, type: string | undefined) {
    if (filePath === undefined)
      return { tempFilePath: files.put(bytes, type ?? typeOfPath(new URL(url).pathname)) }
    files.write(filePath, bytes)
    return { filePath }
  }

  return {
    downloadFile(options) {
      const progress = createListeners<DownloadProgress>(parts.report)
      const task = calls.start<DownloadFileResult>({
        sending: encode(options, parts),
        callbacks: options,
        timeout: options.timeout,
        read: async (response, { statusCode, header }) => {
          const bytes = await readAll(response, Number(header["content-length"] ?? 0), progress.tell)
          return { ...keep(options, bytes, header["content-type"]), statusCode, errMsg: "downloadFile:ok" }
        },
      })
      return refuseUnknown<DownloadTask>("DownloadTask", {
        ...task,
        onProgressUpdate: progress.on,
        offProgressUpdate: progress.off,
      })
    },
  }
}

/** The request as it will be sent, or why it will not. */
function encode(
  { url, filePath, header }: DownloadFileOptions,
  { domains, referer }: NetworkParts,
): Sending | WxFailure {
  const failure = addressFailure("downloadFile", url, domains)
  if (failure !== undefined) return failure
  try {
    if (filePath !== undefined) checkWritable(filePath)
  } catch (error) {
    const errMsg = `downloadFile:fail ${reasonOf(error)}`
    return error instanceof WxRefusal && error.errno !== undefined
      ? { errMsg, errno: error.errno }
      : { errMsg }
  }
  const headers = pageHeaders(header, { referer })
  const wrong = wrongHeader(headers)
  if (wrong !== undefined) return { errMsg: `downloadFile:fail header ${wrong} is invalid`, errno: 600_005 }
  return { url, method: "GET", headers, body: null }
}

/** The body, told of chunk by chunk. What comes compressed is more than was expected: it counts as all. */
async function readAll(
  response: Response,
  expected: number,
  tell: (progress: DownloadProgress) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let written = 0
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk)
    written += chunk.length
    tell({
      progress: expected === 0 ? 0 : Math.min(100, Math.floor((written / expected) * 100)),
      totalBytesWritten: written,
      totalBytesExpectedToWrite: Math.max(written, expected),
    })
  }
  return joinedBytes(chunks)
}

/** By hand: not every browser can iterate over a stream. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
