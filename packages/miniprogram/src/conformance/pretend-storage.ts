/** What the storage does: `refuses` throws at every call, `full` at every write. */
export type StorageMood = "works" | "refuses" | "full"

/** The storage of a mini program: values are kept as JSON, as on a device. */
export interface PretendStorage {
  mood: StorageMood
  readonly keys: readonly string[]
  read(key: string): unknown
  write(key: string, value: unknown): void
  remove(key: string): void
  clear(): void
}

export function createPretendStorage(): PretendStorage {
  const values = new Map<string, string>()
  let mood: StorageMood = "works"

  function open(api: string, writes: boolean): void {
    if (mood === "refuses") throw new Error(`${api}:fail access denied`)
    if (mood === "full" && writes) throw new Error(`${api}:fail exceed storage max size 10MB`)
  }

  return {
    get mood() {
      return mood
    },
    set mood(next) {
      mood = next
    },
    get keys() {
      return Array.from(values.keys())
    },
    read(key) {
      open("getStorage", false)
      const text = values.get(key)
      // A device answers an empty text where there is nothing.
      return text === undefined ? "" : JSON.parse(text)
    },
    write(key, value) {
      open("setStorage", true)
      const text = JSON.stringify(value) as string | undefined
      if (text === undefined) values.delete(key)
      else values.set(key, text)
    },
    remove(key) {
      open("removeStorage", false)
      values.delete(key)
    },
    clear() {
      open("clearStorage", false)
      values.clear()
    },
  }
}
