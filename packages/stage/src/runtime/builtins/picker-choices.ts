import type { Part } from "./builtin.ts"
import { regionChoices } from "./regions.ts"

/** What a picker lets people choose. */
export interface Choices {
  /** The texts of each column; some depend on what is chosen in those before them. */
  columns(chosen: readonly number[]): readonly (readonly string[])[]
  /** What is chosen when it opens. */
  readonly chosen: readonly number[]
  /** What `change` says, and what `value` is then. */
  result(chosen: readonly number[]): { readonly detail: object; readonly value: unknown }
}

export function choicesOf(part: Part): Choices {
  switch (part.get("mode")) {
    case "multiSelector":
      return severalChoices(part)
    case "time":
      return timeChoices(part)
    case "date":
      return dateChoices(part)
    case "region":
      return regionChoices(part)
    default:
      return oneChoice(part)
  }
}

function oneChoice(part: Part): Choices {
  const labels = labelsOf(part.get("range"), part.get("rangeKey"))
  return {
    columns: () => [labels],
    chosen: [Math.max(0, Number(part.get("value")) || 0)],
    // As WeChat has it: a text.
    result: ([index = 0]) => ({ detail: { value: String(index) }, value: index }),
  }
}

function severalChoices(part: Part): Choices {
  const ranges = listOf(part.get("range")).map(range => labelsOf(range, part.get("rangeKey")))
  const value = listOf(part.get("value"))
  return {
    columns: () => ranges,
    chosen: ranges.map((_, column) => Number(value[column]) || 0),
    result: chosen => ({ detail: { value: [...chosen] }, value: [...chosen] }),
  }
}

function timeChoices(part: Part): Choices {
  const numbers = (time: string) => time.split(":").map(Number)
  const first = numbers(part.get<string>("start") || "00:00")
  const last = numbers(part.get<string>("end") || "23:59")
  const now = new Date()
  const value = part.get<string>("value")
    ? numbers(String(part.get("value")))
    : [now.getHours(), now.getMinutes()]
  return limited({
    first,
    last,
    value,
    least: [0, 0],
    most: () => [23, 59],
    units: ["时", "分"],
    separator: ":",
  })
}

/** Columns of a date by `fields`. */
const dateFields: Readonly<Record<string, number>> = { year: 1, month: 2, day: 3 }

function dateChoices(part: Part): Choices {
  const count = dateFields[part.get<string>("fields")] ?? 3
  const numbers = (date: string) => date.split("-").map(Number)
  const today = new Date()
  const value = part.get<string>("value")
    ? numbers(String(part.get("value")))
    : [today.getFullYear(), today.getMonth() + 1, today.getDate()]
  return limited({
    first: numbers(part.get<string>("start") || "1970-01-01"),
    last: numbers(part.get<string>("end") || "2100-12-31"),
    value,
    least: [0, 1, 1].slice(0, count),
    most: ([year = 0, month = 0]) => [9999, 12, new Date(year, month, 0).getDate()],
    units: ["年", "月", "日"],
    separator: "-",
  })
}

interface Limits {
  /** Each from the biggest unit to the smallest. */
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly value: readonly number[]
  readonly least: readonly number[]
  /** Under the bigger units that are chosen. */
  readonly most: (bigger: readonly number[]) => readonly number[]
  readonly units: readonly string[]
  readonly separator: string
}

/** Numbers between two others, unit by unit: a date, a time. */
function limited({ first, last, value, least, most, units, separator }: Limits): Choices {
  /** The bounds of a unit: the first's and the last's count only where all bigger units are the same as theirs. */
  const bounds = (bigger: readonly number[]) => {
    const at = bigger.length
    const same = (limit: readonly number[]) => bigger.every((number, place) => number === limit[place])
    const low = Math.max(least[at] ?? 0, same(first) ? (first[at] ?? 0) : 0)
    const high = most(bigger)[at] ?? 0
    return [low, Math.max(low, same(last) ? Math.min(high, last[at] ?? high) : high)] as const
  }
  const walk = (pick: (at: number, low: number, high: number) => number) => {
    const numbers: number[] = []
    for (const at of least.keys()) numbers.push(pick(at, ...bounds(numbers)))
    return numbers
  }
  const numbersAt = (chosen: readonly number[]) =>
    walk((at, low, high) => Math.min(high, low + (chosen[at] ?? 0)))
  const given = walk((at, low, high) => Math.min(high, Math.max(low, value[at] || low)))
  const text = (number: number) => String(number).padStart(2, "0")

  return {
    columns: chosen =>
      numbersAt(chosen).map((_, at, numbers) => {
        const [low, high] = bounds(numbers.slice(0, at))
        return Array.from({ length: high - low + 1 }, (_, step) => `${text(low + step)}${units[at]}`)
      }),
    chosen: given.map((number, at) => number - bounds(given.slice(0, at))[0]),
    result(chosen) {
      const written = numbersAt(chosen).map(text).join(separator)
      return { detail: { value: written }, value: written }
    },
  }
}

function labelsOf(range: unknown, key: string): string[] {
  return listOf(range).map(item =>
    String(key && typeof item === "object" && item !== null ? (item as Record<string, unknown>)[key] : item),
  )
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
