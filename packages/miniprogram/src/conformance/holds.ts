/** Whether a text stands anywhere in a value: in its texts, names, messages and stacks, however deep. */
export function holds(value: unknown, text: string, seen = new Set<unknown>()): boolean {
  if (typeof value === "string") return value.indexOf(text) >= 0
  if (!value || typeof value !== "object" || seen.has(value)) return false
  seen.add(value)
  const { message, stack } = value as Partial<Error>
  return [message, stack]
    .concat(Object.keys(value) as never, values(value))
    .some(part => holds(part, text, seen))
}

function values(value: object): never[] {
  return Object.keys(value).map(key => {
    try {
      return value[key as keyof typeof value]
    } catch {
      return "" as never
    }
  })
}
