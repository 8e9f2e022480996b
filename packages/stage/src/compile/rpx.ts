/** Lengths in `rpx` become `vw`: 750 rpx are the width of the screen. Strings and addresses stay as they are. */
export function rpxToVw(value: string): string {
  if (!/rpx/i.test(value)) return value
  return value.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^)]*\)|(?<![\w#.-]|[\w-]\.)([+-]?(?:\d+\.?\d*|\.\d+))rpx(?![\w-])/gi,
    (whole: string, length: string | undefined) => (length === undefined ? whole : `${vw(Number(length))}vw`),
  )
}

function vw(rpx: number): number {
  return Number((rpx / 7.5).toFixed(5))
}
