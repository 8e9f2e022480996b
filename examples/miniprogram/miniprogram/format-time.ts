/** A time of the server, as `2026-01-31T08:00:00.000Z`, on this device's clock: `2026-01-31 16:00`. */
export function formatTime(iso: string): string {
  const date = new Date(iso)
  const two = (part: number) => String(part).padStart(2, "0")
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-")
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
