/** @param cents hundredths of a yuan: 1280 is `¥12.80` */
export function formatPrice(cents: number): string {
  return `¥${(cents / 100).toFixed(2)}`
}
