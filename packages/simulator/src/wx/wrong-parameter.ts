import { WxRefusal } from "./answer-work.ts"

/** As the base library says it: `parameter error: parameter.title should be String instead of Undefined;` */
export function wrongParameter(
  name: string,
  expected: "String" | "Array",
  value: unknown,
): string | undefined {
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1)
  if (kind === expected) return undefined
  return `parameter error: parameter.${name} should be ${expected} instead of ${kind};`
}

/** Throws what `wrongParameter` says, if it says anything. */
export function checkParameter(name: string, expected: "String" | "Array", value: unknown): void {
  const wrong = wrongParameter(name, expected, value)
  if (wrong !== undefined) throw new WxRefusal(wrong, 1001)
}
