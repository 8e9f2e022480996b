import { CliError, usageExit } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"

/** `--limit N`; default: 50. @throws CliError if it is no number from 1 to 100,000 */
export function limitFlag(invocation: Invocation): number {
  const text = flagText(invocation, "limit") ?? "50"
  const limit = Number(text)
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 100_000) return limit
  throw new CliError(
    { en: "--limit is a number from 1 to 100000.", zh: "--limit 应为 1 到 100000 的数字。" },
    usageExit,
  )
}
