/** Milliseconds since 1970 as RFC 3339 has them: `2026-11-24T08:00:00.000Z`. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
