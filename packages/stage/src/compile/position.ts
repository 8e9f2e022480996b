/** A place in a text, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** @param offset in UTF-16 units, from 0 */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf("\n") + 1
  return { line: before.split("\n").length, column: before.length - lineStart + 1 }
}
