/** @throws TypeError that says what to write */
export function url(name: string, value: string): URL {
  if (!URL.canParse(value)) throw new TypeError(`${name} is not a URL`)
  return new URL(value)
}

/** @throws TypeError that says what to write */
export function text(name: string, value: string, longest: number): string {
  if (typeof value !== "string" || value.length === 0 || value.length > longest)
    throw new TypeError(`${name} must be a text of 1 to ${longest} characters`)
  return value
}

/** @throws TypeError that says what to write */
export function yesOrNo(name: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false`)
  return value
}

/** @throws TypeError that says what to write */
export function whole(name: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new TypeError(`${name} must be a whole number from ${least} to ${most}`)
  return value
}

/** @throws TypeError that says what to write */
export function exactOrigin(name: string, value: string): string {
  const { origin, protocol } = url(name, value)
  if (origin !== value || !/^https?:$/.test(protocol))
    throw new TypeError(
      `${name}: write the exact origin, such as "https://www.example.com", without path or trailing slash`,
    )
  return origin
}
