const masked = /[…•*«]/
const dots = "••••••••"

/**
 * What may be seen of a value that is secret: what the server left of it. A value that looks whole is not shown at all,
 * so that one slip of the server is not enough.
 */
export function shownSecret(value: string): string {
  return masked.test(value) ? value : dots
}
