import { Buffer } from "node:buffer"

/** Asked before every call, with the API's name; an answer is the reason why it fails. */
export type StorageFault = (api: string) => string | undefined

export interface StorageInfo {
  readonly keys: readonly string[]
  /** In KB, rounded up. */
  readonly currentSize: number
  /** In KB. */
  readonly limitSize: number
}

/** What a mini program has stored. Refusals are thrown: the message is what follows `:fail `. */
export interface StoredValues {
  set(key: string, data: unknown): undefined
  get(key: string): { readonly data: unknown }
  has(key: string): boolean
  remove(key: string): undefined
  clear(): undefined
  info(): StorageInfo
}

const keyLimit = 1_048_576
const limit = 10 * keyLimit

export function createStoredValues(): StoredValues {
  const texts = new Map<string, string>()
  const size = (key: string, text: string) => Buffer.byteLength(key) + Buffer.byteLength(text)
  const total = () => [...texts].reduce((sum, [key, text]) => sum + size(key, text), 0)

  return {
    set(key, data) {
      checkKey(key)
      const text = toText(data)
      if (size(key, text) > keyLimit) throw new Error("entry size limit reached")
      const before = texts.get(key)
      if (total() - (before === undefined ? 0 : size(key, before)) + size(key, text) > limit)
        throw new Error("exceed storage max size 10Mb")
      texts.set(key, text)
      return undefined
    },
    get(key) {
      checkKey(key)
      const text = texts.get(key)
      if (text === undefined) throw new Error("data not found")
      return { data: fromText(text) }
    },
    has: key => texts.has(key),
    remove(key) {
      checkKey(key)
      texts.delete(key)
      return undefined
    },
    clear() {
      texts.clear()
      return undefined
    },
    info: () => ({
      keys: [...texts.keys()],
      currentSize: Math.ceil(total() / 1024),
      limitSize: limit / 1024,
    }),
  }
}

function checkKey(key: unknown): void {
  if (typeof key !== "string" || key === "")
    throw new Error("parameter error: key has to be a text that is not empty")
}

/** Primitive values, Dates, and whatever JSON can hold: what WeChat says it takes. */
function toText(data: unknown): string {
  if (data instanceof Date) return JSON.stringify({ date: data.getTime() })
  return JSON.stringify({ data })
}

function fromText(text: string): unknown {
  const { data, date } = JSON.parse(text)
  return date === undefined ? data : new Date(date)
}
