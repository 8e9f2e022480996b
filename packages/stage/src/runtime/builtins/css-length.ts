/** A length as CSS writes it: a bare number is px, 750rpx are the width of the screen. */
export function cssLength(value: unknown): string {
  const text = String(value ?? 0).trim()
  if (text.endsWith("rpx")) return `${Number.parseFloat(text) / 7.5}vw`
  return /^-?\d*\.?\d+$/.test(text) ? `${text}px` : text
}

/** The same in px; 0 where it is neither px nor rpx. */
export function pixels(value: unknown): number {
  const text = String(value ?? 0).trim()
  const number = Number.parseFloat(text) || 0
  if (text.endsWith("rpx")) return (number * window.innerWidth) / 750
  return /^-?\d*\.?\d+(px)?$/.test(text) ? number : 0
}
