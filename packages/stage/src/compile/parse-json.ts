import { type Position, positionAt } from "./position.ts"

export interface ParsedJson {
  /** `undefined` if the text is not JSON. */
  readonly value: unknown
  readonly mistake: (Position & { readonly message: string }) | null
  /** Where a value stands, by the keys that lead to it. Falls back to what is around it. */
  positionOf(...keys: readonly (string | number)[]): Position
}

/** Reads JSON as WeChat's tools do: comments and a comma after the last entry are let pass. */
export function parseJson(text: string): ParsedJson {
  const starts = new Map<string, number>()
  const reader = new JsonReader(text, starts)
  const positionOf = (...keys: readonly (string | number)[]): Position => {
    for (let depth = keys.length; depth >= 0; depth--) {
      const start = starts.get(JSON.stringify(keys.slice(0, depth).map(String)))
      if (start !== undefined) return positionAt(text, start)
    }
    return { line: 1, column: 1 }
  }
  try {
    return { value: reader.read(), mistake: null, positionOf }
  } catch (error) {
    const { message, offset } = error instanceof JsonMistake ? error : new JsonMistake("Nested too deep", 0)
    return { value: undefined, mistake: { message, ...positionAt(text, offset) }, positionOf }
  }
}

class JsonMistake extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class JsonReader {
  readonly #text: string
  readonly #starts: Map<string, number>
  #at = 0

  constructor(text: string, starts: Map<string, number>) {
    this.#text = text
    this.#starts = starts
  }

  read(): unknown {
    const value = this.#value([])
    if (this.#next() !== "") throw this.#unexpected()
    return value
  }

  #value(keys: readonly string[]): unknown {
    const first = this.#next()
    this.#starts.set(JSON.stringify(keys), this.#at)
    if (first === "{") return this.#object(keys)
    if (first === "[") return this.#array(keys)
    if (first === '"') return this.#string()
    const word = /[\w.+-]*/y
    word.lastIndex = this.#at
    const found = word.exec(this.#text)?.[0] ?? ""
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(found))
      throw this.#unexpected()
    this.#at += found.length
    return JSON.parse(found)
  }

  #object(keys: readonly string[]): Record<string, unknown> {
    const entries: [string, unknown][] = []
    this.#list("}", () => {
      if (this.#next() !== '"') throw this.#unexpected()
      const key = this.#string()
      if (this.#next() !== ":") throw this.#unexpected()
      this.#at++
      entries.push([key, this.#value([...keys, key])])
    })
    return Object.fromEntries(entries)
  }

  #array(keys: readonly string[]): unknown[] {
    const values: unknown[] = []
    this.#list("]", () => values.push(this.#value([...keys, String(values.length)])))
    return values
  }

  #list(end: string, entry: () => void): void {
    this.#at++
    while (this.#next() !== end) {
      entry()
      const after = this.#next()
      if (after === ",") this.#at++
      else if (after !== end) throw this.#unexpected(`: a comma or ${end} is missing before it`)
    }
    this.#at++
  }

  #string(): string {
    const literal = /"(?:[^"\\\n]|\\.)*"/y
    literal.lastIndex = this.#at
    const found = literal.exec(this.#text)?.[0]
    if (found === undefined) throw new JsonMistake("A string that does not end", this.#at)
    try {
      const value = JSON.parse(found) as string
      this.#at += found.length
      return value
    } catch {
      throw new JsonMistake("A string with an escape or a character that JSON does not have", this.#at)
    }
  }

  /** The next character that means something, `""` at the end. */
  #next(): string {
    const blank = /(?:\s|\/\/[^\n]*|\/\*.*?\*\/)*/sy
    blank.lastIndex = this.#at
    this.#at += blank.exec(this.#text)?.[0].length ?? 0
    return this.#text[this.#at] ?? ""
  }

  /** @param but what is to be said besides */
  #unexpected(but = ""): JsonMistake {
    const found = this.#text[this.#at]
    return new JsonMistake(
      found === undefined ? "The JSON ends too early" : `Unexpected ${found} in JSON${but}`,
      this.#at,
    )
  }
}
