import { answerWork, reasonOf, type WxCall, type WxDone, WxRefusal } from "./answer-work.ts"
import { isArrayBuffer } from "./array-buffer.ts"
import type { ReportThrown } from "./callbacks.ts"
import { fileEncoding } from "./file-encoding.ts"
import { type StoredFiles, userDataPath } from "./files.ts"
import { refuseUnknown } from "./not-simulated.ts"

export interface ReadFileOptions {
  readonly filePath: string
  /** As `utf8` or `base64`. Without it the data are an ArrayBuffer. */
  readonly encoding?: string
  /** Byte to start at. */
  readonly position?: number
  /** Bytes. Default is to the end. */
  readonly length?: number
}

export interface ReadFileResult extends WxDone {
  readonly data: string | ArrayBuffer
}

export interface WriteFileOptions {
  /** Below `wx.env.USER_DATA_PATH`. */
  readonly filePath: string
  readonly data: string | ArrayBuffer
  /** Of a text. Default is `utf8`. */
  readonly encoding?: string
}

/** Files; there are no directories but `wx.env.USER_DATA_PATH` itself. */
export interface FileSystemManager {
  readonly readFile: WxCall<ReadFileOptions, ReadFileResult>
  readonly writeFile: WxCall<WriteFileOptions, WxDone>
  readonly access: WxCall<{ readonly path: string }, WxDone>
  readonly unlink: WxCall<{ readonly filePath: string }, WxDone>
  readFileSync(filePath: string, encoding?: string, position?: number, length?: number): string | ArrayBuffer
  writeFileSync(filePath: string, data: string | ArrayBuffer, encoding?: string): void
  accessSync(path: string): void
  unlinkSync(filePath: string): void
}

export interface FileSystemApi {
  getFileSystemManager(): FileSystemManager
}

export function createFileSystemApi(files: StoredFiles, report: ReportThrown): FileSystemApi {
  function read({ filePath, encoding, position = 0, length }: ReadFileOptions): {
    data: string | ArrayBuffer
  } {
    const whole = files.read(filePath)
    if (whole === undefined) throw missing(filePath)
    const bytes = whole.slice(position, length === undefined ? undefined : position + length)
    return { data: encoding === undefined ? bytes.buffer : fileEncoding(encoding).toText(bytes) }
  }

  function write({ filePath, data, encoding = "utf8" }: WriteFileOptions): object {
    checkWritable(filePath)
    files.write(filePath, isArrayBuffer(data) ? data : fileEncoding(encoding).toBytes(String(data)))
    return {}
  }

  function access(path: string): object {
    if (!files.has(path) && path.replace(/\/$/, "") !== userDataPath) throw missing(path)
    return {}
  }

  function unlink(filePath: string): object {
    if (!files.remove(filePath)) throw missing(filePath)
    return {}
  }

  const manager: FileSystemManager = {
    readFile: options => answerWork("readFile", options, () => read(options), report),
    writeFile: options => answerWork("writeFile", options, () => write(options), report),
    access: options => answerWork("access", options, () => access(options.path), report),
    unlink: options => answerWork("unlink", options, () => unlink(options.filePath), report),
    readFileSync: (filePath, encoding, position, length) =>
      now("readFileSync", () =>
        read({
          filePath,
          ...(encoding === undefined ? {} : { encoding }),
          ...(position === undefined ? {} : { position }),
          ...(length === undefined ? {} : { length }),
        }),
      ).data,
    writeFileSync: (filePath, data, encoding = "utf8") =>
      void now("writeFileSync", () => write({ filePath, data, encoding })),
    accessSync: path => void now("accessSync", () => access(path)),
    unlinkSync: filePath => void now("unlinkSync", () => unlink(filePath)),
  }
  return { getFileSystemManager: () => refuseUnknown("FileSystemManager", manager) }
}

/** Refuses a path that a mini program may not write, or whose directory is not there. */
export function checkWritable(path: string): void {
  if (!path.startsWith(`${userDataPath}/`))
    throw new WxRefusal(`permission denied, open "${path}"`, 1_300_013)
  if (path.slice(userDataPath.length + 1).includes("/")) throw missing(path)
}

function missing(path: string): WxRefusal {
  return new WxRefusal(`no such file or directory ${path}`, 1_300_002)
}

function now<Result>(api: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new Error(`${api}:fail ${reasonOf(error)}`)
  }
}
