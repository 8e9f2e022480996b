import type { WxDone } from "./answer-work.ts"
import { isArrayBuffer } from "./array-buffer.ts"
import type { WxCallbacks, WxFailure } from "./callbacks.ts"
import { addressFailure } from "./domain-list.ts"
import type { StoredFiles } from "./files.ts"
import { createListeners } from "./listeners.ts"
import { multipartOf } from "./multipart.ts"
import { createNetworkCalls, type NetworkParts, type NetworkTask, type Sending } from "./network-calls.ts"
import { refuseUnknown } from "./not-simulated.ts"
import { pageHeaders, wrongHeader } from "./page-headers.ts"
import { wrongParameter } from "./wrong-parameter.ts"

export interface UploadFileResult extends WxDone {
  /** Never parsed. */
  readonly data: string
  readonly statusCode: number
}

export interface UploadFileOptions extends WxCallbacks<UploadFileResult> {
  readonly url: string
  readonly filePath: string
  /** The form field of the file. */
  readonly name: string
  /** The other fields. */
  readonly formData?: Readonly<Record<string, unknown>>
  /** Content-Type and Referer are overwritten. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Milliseconds, counted from the sending. Default is 60,000. */
  readonly timeout?: number
}

export interface UploadProgress {
  /** Percent. */
  readonly progress: number
  readonly totalBytesSent: number
  readonly totalBytesExpectedToSend: number
}

export interface UploadTask extends NetworkTask {
  /** Heard once, when all is sent: `fetch` tells no more. */
  onProgressUpdate(listener: (progress: UploadProgress) => void): void
  offProgressUpdate(listener?: (progress: UploadProgress) => void): void
}

export interface UploadFileApi {
  /** Answers by callbacks only: what it returns is the task. */
  uploadFile(options: UploadFileOptions): UploadTask
}

export function createUploadFileApi(files: StoredFiles, parts: NetworkParts): UploadFileApi {
  const calls = createNetworkCalls("uploadFile", parts)
  return {
    uploadFile(options) {
      const sending = encode(options, files, parts)
      const progress = createListeners<UploadProgress>(parts.report)
      const task = calls.start<UploadFileResult>({
        sending,
        callbacks: options,
        timeout: options.timeout,
        sent() {
          const total = "body" in sending && isArrayBuffer(sending.body) ? sending.body.byteLength : 0
          progress.tell({ progress: 100, totalBytesSent: total, totalBytesExpectedToSend: total })
        },
        read: async (response, { statusCode }) => ({
          data: await response.text(),
          statusCode,
          errMsg: "uploadFile:ok",
        }),
      })
      return refuseUnknown<UploadTask>("UploadTask", {
        ...task,
        onProgressUpdate: progress.on,
        offProgressUpdate: progress.off,
      })
    },
  }
}

/** The form as it will be sent, or why it will not. */
function encode(
  { url, filePath, name, formData = {}, header }: UploadFileOptions,
  files: StoredFiles,
  { domains, referer }: NetworkParts,
): Sending | WxFailure {
  const parameter = wrongParameter("filePath", "String", filePath) ?? wrongParameter("name", "String", name)
  if (parameter !== undefined) return { errMsg: `uploadFile:fail ${parameter}`, errno: 1001 }
  const failure = addressFailure("uploadFile", url, domains)
  if (failure !== undefined) return failure
  const bytes = files.read(filePath)
  if (bytes === undefined) return { errMsg: "uploadFile:fail file not found" }
  const fileName = filePath.slice(filePath.lastIndexOf("/") + 1)
  const form = multipartOf(formData, { field: name, fileName, type: files.typeOf(filePath), bytes })
  const headers = pageHeaders(header, { "content-type": form.contentType, referer })
  const wrong = wrongHeader(headers)
  if (wrong !== undefined) return { errMsg: `uploadFile:fail header ${wrong} is invalid`, errno: 600_005 }
  return { url, method: "POST", headers, body: form.bytes.buffer }
}
