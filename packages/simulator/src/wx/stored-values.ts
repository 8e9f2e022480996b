/** Asked before every call, with the API's name; an answer is the reason why it fails. */
export type StorageFault = (api: string) => string | undefined

export interface StorageInfo {
  readonly keys: readonly string[]
  /** In KB, rounded up. */
  readonly currentSize: number
  /** In KB. */
  readonly limitSize: number
}

/** Where what is stored outlasts the page: one text for all of it. */
export interface StorageText {
  /** What was saved last, or `null`. A text that is none of ours counts as nothing. */
  load(): string | null
  /** What it throws is why the call fails; nothing is changed then. */
  save(text: string): void
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

export function createStoredValues(storage: StorageText | undefined): StoredValues {
  let texts = readTexts(storage?.load() ?? null)

  function change(next: ReadonlyMap<string, string>): undefined {
    storage?.save(JSON.stringify([...next]))
    texts = next
    return undefined
  }

  return {
    set(key, data) {
      checkKey(key)
      const text = toText(data)
      if (sizeOf(key, text) > keyLimit) throw new Error("entry size limit reached")
      const next = new Map(texts).set(key, text)
      if (total(next) > limit) throw new Error("exceed storage max size 10Mb")
      return change(next)
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
      return change(new Map([...texts].filter(([other]) => other !== key)))
    },
    clear: () => change(new Map()),
    info: () => ({
      keys: [...texts.keys()],
      currentSize: Math.ceil(total(texts) / 1024),
      limitSize: limit / 1024,
    }),
  }
}

function total(texts: ReadonlyMap<string, string>): number {
  return [...texts].reduce((sum, [key, text]) => sum + sizeOf(key, text), 0)
}

/** Bytes as UTF-8. */
function sizeOf(key: string, text: string): number {
  return new TextEncoder().encode(key + text).length
}

/** What `save` was given; empty if it is anything else. */
function readTexts(saved: string | null): ReadonlyMap<string, string> {
  try {
    const entries: unknown = saved === null ? [] : JSON.parse(saved)
    return Array.isArray(entries) && entries.every(isEntry) ? new Map(entries) : new Map()
  } catch {
    return new Map()
  }
}

/** Throws where the value is not JSON. */
function isEntry(entry: unknown): entry is readonly [string, string] {
  if (!Array.isArray(entry) || entry.length !== 2) return false
  const [key, text] = entry
  return typeof key === "string" && typeof text === "string" && JSON.parse(text) instanceof Object
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
